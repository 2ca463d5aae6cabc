"""What names, types and objects from outside the project do to what they are given.

One file for each library, or family of them; `outside` joins them for the interpreter.
`tables` reads what is known of async APIs and of the responses of boto3.
"""

"""What happens when a block is left happens once, on every way out of it."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked

HEAD = """\
import asyncio
import contextlib
from datetime import datetime


async def work():
    return 1


class Closing:
    def __init__(self, response):
        self.response = response

    def __enter__(self):
        return self.response

    def __exit__(self, *error):
        self.response["at"] = str(self.response["at"])
"""

GOOD = {
    "a finally that returns is all that comes": """
        def lambda_handler(event, context):
            if not event:
                return [1]
            if event["a"]:
                return [2]
            try:
                return {3}
            finally:
                return [4]
    """,
    "a finally converts what returns give back": """
        def lambda_handler(event, context):
            response = {"at": datetime.now()}
            try:
                if event:
                    return response
                response["n"] = 1
                return response
            finally:
                response["at"] = response["at"].isoformat()
    """,
    "a finally converts what goes on": """
        def lambda_handler(event, context):
            response = {"at": datetime.now()}
            try:
                if event:
                    return {}
                response["n"] = 1
            finally:
                response["at"] = response["at"].isoformat()
            return response
    """,
    "a finally that returns": """
        def lambda_handler(event, context):
            try:
                return {1, 2}
            finally:
                return {}
    """,
    "an exit converts what returns give back": """
        def lambda_handler(event, context):
            with Closing({"at": datetime.now()}) as response:
                if event:
                    return response
                return response
    """,
    "a finally drives": """
        def lambda_handler(event, context):
            first = work()
            try:
                if event:
                    return {}
                print(event)
            finally:
                asyncio.run(first)
            return {}
    """,
    "a finally within a finally converts": """
        def lambda_handler(event, context):
            response = {"at": datetime.now()}
            try:
                if event:
                    return response
                print(event)
            finally:
                try:
                    print(event)
                finally:
                    response["at"] = None
            return response
    """,
    "a finally binds a name": """
        def lambda_handler(event, context):
            ids = {1, 2}
            try:
                if event:
                    return {}
                print(event)
            finally:
                ids = sorted(ids)
            return ids
    """,
}

BAD = {
    "a finally spoils what returns give back": """
        def lambda_handler(event, context):
            response = {"at": None}
            try:
                if event:
                    return response
                response["n"] = 1
                return response
            finally:
                response["at"] = datetime.now()  # LMB401
    """,
    "a finally spoils what goes on": """
        def lambda_handler(event, context):
            response = {"at": None}
            try:
                if event:
                    return {}
                response["n"] = 1
            finally:
                response["at"] = datetime.now()  # LMB401
            return response
    """,
    "a finally that returns something else": """
        def lambda_handler(event, context):
            try:
                return {}
            finally:
                return {1, 2}  # LMB401
    """,
    "an exit converts something else": """
        def lambda_handler(event, context):
            with Closing({"at": None, "ids": {1}}) as response:  # LMB401
                if event:
                    return response
                return {}
    """,
    "a finally drives another one": """
        def lambda_handler(event, context):
            first, second = work(), work()  # LMB201
            try:
                if event:
                    return {}
                print(event)
            finally:
                asyncio.run(first)
            return {}
    """,
    "a finally that returns is what comes": """
        def lambda_handler(event, context):
            if not event:
                return [1]
            try:
                if event["a"]:
                    return [2]
                return [3]
            finally:
                return {4}  # LMB401
    """,
    "each return keeps its own": """
        def lambda_handler(event, context):
            response = {"at": None}
            try:
                if event:
                    response["at"] = datetime.now()  # LMB401
                    return response
                return response
            finally:
                response["n"] = 1
    """,
    "a finally binds a name to something bad": """
        def lambda_handler(event, context):
            ids = [1, 2]
            try:
                if event:
                    return {}
                print(event)
            finally:
                ids = set(ids)
            return ids  # LMB401
    """,
}


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "# LMB" not in source
    assert_marked(HEAD + textwrap.dedent(source))


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "# LMB" in source
    assert_marked(HEAD + textwrap.dedent(source))


def test_tables_are_balanced():
    assert len(GOOD) == len(BAD)

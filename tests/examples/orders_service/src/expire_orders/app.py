"""Removes the orders that nobody paid for."""

import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def expire(event):
    unpaid = [order for order in table.scan()["Items"] if not order.get("paid")]
    for order in unpaid:
        table.delete_item(Key={"id": order["id"]})
    return {"expired": len(unpaid)}

"""Exports all orders, and tells the auditors."""

import json
import os

import aioboto3
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
session = aioboto3.Session()


async def tell_auditors(count):
    async with session.client("sns") as sns:
        await sns.publish(TopicArn=os.environ["AUDIT_TOPIC"], Message=str(count))


def lambda_handler(event, context):
    orders = table.scan()["Items"]
    tell_auditors(len(orders))
    return {"statusCode": 200, "body": json.dumps(orders)}

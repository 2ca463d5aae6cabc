"""Takes one order from API Gateway and stores it."""

import json
import os

import aioboto3
from aws_lambda_powertools import Logger

logger = Logger()
session = aioboto3.Session()


@logger.inject_lambda_context
async def lambda_handler(event, context):
    order = json.loads(event["body"])
    async with session.resource("dynamodb") as dynamodb:
        table = await dynamodb.Table(os.environ["TABLE_NAME"])
        await table.put_item(Item=order)
    return {"statusCode": 201, "body": json.dumps({"id": order["id"]})}

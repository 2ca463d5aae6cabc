"""Removes the orders that nobody paid for."""

import asyncio
import os

import aioboto3

session = aioboto3.Session()
loop = asyncio.new_event_loop()


async def expire():
    async with session.resource("dynamodb") as dynamodb:
        table = await dynamodb.Table(os.environ["TABLE_NAME"])
        orders = (await table.scan())["Items"]
        unpaid = [order["id"] for order in orders if not order.get("paid")]
        await asyncio.gather(*[table.delete_item(Key={"id": id}) for id in unpaid])
    return {"expired": len(unpaid)}


def lambda_handler(event, context):
    try:
        return loop.run_until_complete(expire())
    finally:
        loop.close()

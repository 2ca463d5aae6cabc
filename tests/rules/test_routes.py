"""LMB201 on coroutines that the routes of web frameworks return."""

from __future__ import annotations

import asyncio
import json
import textwrap

import pytest
from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from tests.support import assert_marked

FIND = """
async def find(id):
    return {"id": id}
"""

#: Each route as it should be stands beside those that are wrong.
TABLE = {
    "FastAPI": """
        from fastapi import FastAPI
        from mangum import Mangum
        app = FastAPI()
        @app.get("/a/{id}")
        async def a(id: str):
            return find(id)  # LMB201
        @app.get("/b/{id}")
        async def b(id: str):
            data = find(id)  # LMB201
            return {"data": data}
        @app.get("/c/{id}")
        def c(id: str):
            return [find(id)]  # LMB201
        @app.get("/d/{id}")
        async def d(id: str):
            return await find(id)
        @app.get("/e/{id}")
        async def e(id: str):
            data = find(id)
            return {"data": await data}
        handler = Mangum(app)
    """,
    "FastAPI, a response of the project's own": """
        from fastapi import FastAPI
        from fastapi.responses import StreamingResponse
        app = FastAPI()
        class Stream(StreamingResponse):
            def __init__(self, content, status_code=200):
                self.content = content
                super().__init__(content, status_code)
        class Events(StreamingResponse):
            async def stream_response(self, send):
                async for chunk in self.body_iterator:
                    await send({"body": chunk})
        async def pages():
            yield "page"
        @app.get("/a")
        async def a():
            return Stream(pages())
        @app.get("/b")
        async def b():
            return Events(pages(), media_type="text/event-stream")
        @app.get("/c")
        async def c():
            return [pages()]  # LMB201
    """,
    "Flask": """
        import asyncio
        from flask import Flask, jsonify
        app = Flask(__name__)
        @app.route("/a/<id>")
        def a(id):
            return find(id)  # LMB201
        @app.route("/b/<id>")
        def b(id):
            return jsonify(find(id))  # LMB201
        @app.route("/c/<id>")
        def c(id):
            return jsonify(asyncio.run(find(id)))
    """,
    "Powertools": """
        import asyncio
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = APIGatewayRestResolver()
        @app.get("/a/<id>")
        def a(id):
            return find(id)  # LMB201
        @app.get("/b/<id>")
        def b(id):
            return {"data": find(id)}  # LMB201
        @app.get("/c/<id>")
        def c(id):
            return asyncio.run(find(id))
        @app.get("/d/<id>")
        def d(id):
            if id:
                return {}
            return find(id)  # LMB201
        def lambda_handler(event, context):
            return app.resolve(event, context)
    """,
    "async routes of Powertools": """
        from aws_lambda_powertools import Tracer
        from aws_lambda_powertools.event_handler import ALBResolver
        app = ALBResolver()
        tracer = Tracer()
        @app.get("/a/<id>")
        async def a(id):  # LMB201
            return {"id": id}
        @app.post("/b")
        @tracer.capture_method
        async def b():  # LMB201
            return {"found": await find(1)}
        @app.get("/c/<id>")
        def c(id):
            return {"id": id}
        async def d(id):
            return {"id": id}
        lambda_handler = app.resolve
    """,
    "async routes that something else runs": """
        from asgiref.sync import async_to_sync
        from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
        from somewhere import driven
        app = APIGatewayHttpResolver()
        @app.get("/a")
        @driven
        async def a():
            return {}
        @app.get("/b")
        @async_to_sync
        async def b():
            return {}
        def lambda_handler(event, context):
            return app.resolve(event, context)
    """,
    "async routes that nothing resolves here": """
        from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
        app = APIGatewayHttpResolver()
        @app.get("/a")
        async def a():
            return {}
    """,
    "Powertools awaits what a route returns, if it is asked to": """
        import asyncio
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = APIGatewayRestResolver()
        @app.get("/async/<id>")
        async def wanted(id):
            return {"id": id}
        @app.get("/a/<id>")
        def a(id):
            return find(id)
        @app.get("/b/<id>")
        def b(id):
            return {"data": find(id)}  # LMB201
        def lambda_handler(event, context):
            return asyncio.run(app.resolve_async(event, context))
    """,
    "decorators of others may await": """
        from fastapi import FastAPI
        from somewhere import drive
        app = FastAPI()
        @app.get("/a/{id}")
        @drive
        async def a(id: str):
            return find(id)
    """,
    "an app of somebody else may await": """
        from somewhere import app
        @app.get("/a/{id}")
        async def a(id: str):
            return find(id)
    """,
    "what a request gives": """
        from fastapi import FastAPI, Request, UploadFile
        app = FastAPI()
        @app.post("/a")
        async def a(request: Request):
            data = request.json()  # LMB201
            return data["id"]
        @app.post("/b")
        def b(file: UploadFile):
            return {"size": len(file.read())}  # LMB201
        @app.post("/c")
        async def c(request: Request, file: UploadFile):
            return {"size": len(await file.read()), "data": await request.json()}
    """,
    "each method": """
        from fastapi import FastAPI
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = FastAPI()
        other = APIGatewayRestResolver()
        @app.api_route("/")
        def by_api_route(id: str):
            return find(id)  # LMB201
        @app.delete("/")
        def by_delete(id: str):
            return find(id)  # LMB201
        @app.get("/")
        def by_get(id: str):
            return find(id)  # LMB201
        @app.head("/")
        def by_head(id: str):
            return find(id)  # LMB201
        @app.options("/")
        def by_options(id: str):
            return find(id)  # LMB201
        @app.patch("/")
        def by_patch(id: str):
            return find(id)  # LMB201
        @app.post("/")
        def by_post(id: str):
            return find(id)  # LMB201
        @app.put("/")
        def by_put(id: str):
            return find(id)  # LMB201
        @other.delete("/")
        def other_delete(id: str):
            return find(id)  # LMB201
        @other.get("/")
        def other_get(id: str):
            return find(id)  # LMB201
        @other.head("/")
        def other_head(id: str):
            return find(id)  # LMB201
        @other.patch("/")
        def other_patch(id: str):
            return find(id)  # LMB201
        @other.post("/")
        def other_post(id: str):
            return find(id)  # LMB201
        @other.put("/")
        def other_put(id: str):
            return find(id)  # LMB201
        @other.route("/")
        def other_route(id: str):
            return find(id)  # LMB201
        def lambda_handler(event, context):
            return other.resolve(event, context)
    """,
}


@pytest.mark.parametrize("source", TABLE.values(), ids=TABLE)
def test_table(source):
    assert_marked(FIND + textwrap.dedent(source))


def test_router_of_another_file():
    assert_marked(
        {
            "app/services.py": """
                class Orders:
                    async def find(self, id):
                        return {"id": id}
                    def name(self, id):
                        return id
            """,
            "app/routes.py": """
                from fastapi import APIRouter
                from app.services import Orders
                router = APIRouter(prefix="/orders")
                orders = Orders()
                @router.get("/{id}")
                async def get_order(id: str):
                    return orders.find(id)  # LMB201
                @router.get("/{id}/name")
                async def get_name(id: str):
                    return orders.name(id)
            """,
            "app/main.py": """
                from fastapi import FastAPI
                from mangum import Mangum
                from app.routes import router
                app = FastAPI()
                app.include_router(router)
                handler = Mangum(app)
            """,
        }
    )


ROUTER = """
    from aws_lambda_powertools.event_handler.router import Router
    router = Router()
    @router.get("/orders/<id>")
    async def get_order(id):{mark}
        return {{"id": id}}
"""
MAIN = """
    from aws_lambda_powertools.event_handler import APIGatewayRestResolver
    from app.orders import router
    app = APIGatewayRestResolver()
    app.include_router(router)
    def lambda_handler(event, context):
        return {resolved}
"""


@pytest.mark.parametrize(
    "resolved, mark",
    [
        ("app.resolve(event, context)", "  # LMB201"),
        ("asyncio.run(app.resolve_async(event, context))", ""),
    ],
)
def test_async_routes_of_another_file(resolved, mark):
    main = MAIN.format(resolved=resolved)
    if "asyncio" in main:
        main = "\n    import asyncio" + main
    assert_marked({"app/orders.py": ROUTER.format(mark=mark), "app/main.py": main})


def test_powertools_agrees():
    """What the table says of routes that return coroutines, or hold one."""

    async def find():
        return 1

    app = APIGatewayRestResolver()
    app.get("/a")(lambda: find())
    app.get("/b")(lambda: {"data": find()})
    app.get("/c")(find)

    def event(path):
        return {
            "path": path,
            "resource": path,
            "httpMethod": "GET",
            "headers": {},
            "requestContext": {"stage": "s", "path": path},
        }

    for path in ("/a", "/b", "/c"):
        with pytest.raises(TypeError, match="coroutine is not JSON serializable"):
            app.resolve(event(path), None)
    if hasattr(app, "resolve_async"):
        answer = asyncio.run(app.resolve_async(event("/a"), None))
        assert json.loads(answer["body"]) == 1
        with pytest.raises(TypeError, match="coroutine is not JSON serializable"):
            asyncio.run(app.resolve_async(event("/b"), None))

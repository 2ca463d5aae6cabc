"""The images of Terraform's functions, as far as the module says how they are built.

Sources, read 2026-11-21: AWS provider, `aws_lambda_function` (`image_config`); docker
provider (kreuzwerker/docker), `docker_image` and `docker_registry_image`; registry
module terraform-aws-modules/lambda, `modules/docker-build`.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import NamedTuple

from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.templates import dockerfile
from flake8_lambda_handler.templates import values
from flake8_lambda_handler.templates.hcl import Block
from flake8_lambda_handler.templates.hcl_values import ExpressionResolver
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.values import Scope

#: Most references that are followed from a function to the build of its image.
MOST_REFERENCES = 50


class Images(NamedTuple):
    """The blocks of one Terraform module, asked for the images in it."""

    resolver: ExpressionResolver
    blocks: Mapping[tuple[str, ...], Block]
    folder: str
    files: TemplateFiles

    def of(
        self, block: Block, scope: Scope, name: str, callers: tuple[str, ...]
    ) -> Iterator[Declaration | RuntimeUse]:
        """Yield what the Dockerfile of a function declares, when it is known."""
        is_module = block.names[0] == "module"
        found = block.arguments if is_module else _inside(block, "image_config")
        head = "image_config_" if is_module else ""
        keys = ("command", "entry_point", "working_directory")
        command, entry, folder = (found.get(head + key) for key in keys)
        image = dockerfile.Image(
            "terraform",
            name,
            dockerfile.words(self.resolver, command, scope),
            dockerfile.words(self.resolver, entry, scope),
            callers=callers,
            folder=dockerfile.first(self.resolver, folder, scope),
        )
        is_built = False
        for build in self._builds(block.arguments.get("image_uri"), scope):
            file = build.get("dockerfile") or build.get("docker_file_path")
            given = build.get("build_args") or build.get("build_arg")
            image = image._replace(
                target=dockerfile.first(self.resolver, build.get("target"), scope),
                arguments=dockerfile.arguments(self.resolver, given, scope),
            )
            name = dockerfile.first(self.resolver, file, scope) or "Dockerfile"
            context = build.get("context") or build.get("source_path")
            for text in self.resolver.texts(context, scope):
                path = values.code_path(self.folder, text)
                if path is not None:
                    is_built = True
                    yield from dockerfile.built(
                        self.files, self.folder, path, name, image
                    )
        if not is_built:
            yield from dockerfile.elsewhere(image)

    def _builds(self, node: Node | None, scope: Scope) -> Iterator[Mapping[str, Node]]:
        """Yield how the image is built that an expression names."""
        waiting = [] if node is None else [node]
        seen: set[tuple[str, ...]] = set()
        while waiting and len(seen) < MOST_REFERENCES:
            for steps in self.resolver.references(waiting.pop()):
                names = steps[:2] if steps[0] == "module" else ("resource", *steps[:2])
                block = self.blocks.get(names)
                if block is None or names in seen:
                    continue
                seen.add(names)
                if names[0] == "module":
                    sources = self.resolver.texts(block.arguments.get("source"), scope)
                    if any("docker-build" in x for x in sources):
                        yield block.arguments
                elif names[1] == "docker_image":
                    yield _inside(block, "build")
                elif names[1] == "docker_registry_image" and "name" in block.arguments:
                    waiting.append(block.arguments["name"])


def _inside(block: Block, name: str) -> Mapping[str, Node]:
    """Return the arguments of the first block of a type inside a block."""
    return next((inner.arguments for inner in block.blocks(name)), {})

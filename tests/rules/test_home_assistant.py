"""Integrations of Home Assistant: entities, coordinators and what a set-up calls."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import with_calls

HEAD = """\
from homeassistant.components.calendar import CalendarEntity
from homeassistant.components.climate import ClimateEntity
from homeassistant.components.sensor import RestoreSensor, SensorEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.restore_state import RestoreEntity
from homeassistant.helpers.storage import Store
from homeassistant.helpers.update_coordinator import CoordinatorEntity
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

"""

#: One call in each, in place of `CALL`, with or without its `await`.
SHAPES = {
    "what a base from outside does, by super": """
        class Events(CoordinatorEntity, CalendarEntity):
            async def async_will_remove_from_hass(self):
                CALL(super().async_will_remove_from_hass())
    """,
    "the same, above a class of the project": """
        class Base(SensorEntity):
            def names(self): ...

        class Sensor(Base):
            async def async_added_to_hass(self):
                CALL(super().async_added_to_hass())
    """,
    "the state is written": """
        class Thermostat(ClimateEntity, RestoreEntity):
            async def async_set_temperature(self, **kwargs):
                CALL(self.async_update_ha_state())
    """,
    "what every entity has": """
        class Thermostat(ClimateEntity):
            async def async_turn_on(self):
                CALL(self.hass.services.async_call("switch", "turn_on", {}))
    """,
    "what has the name of another class's attribute": """
        class Other:
            def __init__(self, hass):
                self.hass = hass

        class Thermostat(ClimateEntity):
            async def async_turn_on(self):
                CALL(self.hass.services.async_call("switch", "turn_on", {}))
    """,
    "the coordinator of an entity": """
        class Data(DataUpdateCoordinator[dict]):
            async def _async_update_data(self):
                return {}

        class Sensor(CoordinatorEntity[Data], SensorEntity):
            async def async_press(self):
                CALL(self.coordinator.async_request_refresh())
    """,
    "a coordinator that keeps a store": """
        class Data(DataUpdateCoordinator):
            def __init__(self, hass):
                super().__init__(hass, None, name="data")
                self.store = Store(hass, 1, "data")

            async def _async_update_data(self):
                CALL(self.store.async_save({}))
    """,
    "what sets up an entry": """
        async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
            coordinator = DataUpdateCoordinator(hass, None, name="data")
            CALL(coordinator.async_config_entry_first_refresh())
            return True
    """,
    "what forwards an entry": """
        async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
            CALL(hass.config_entries.async_forward_entry_setups(entry, ["sensor"]))
            return True
    """,
    "what sets up an entry, without annotations": """
        async def async_setup_entry(hass, entry):
            CALL(hass.config_entries.async_forward_entry_setups(entry, ["sensor"]))
    """,
    "what a class is given, without an annotation": """
        class Flow:
            def __init__(self, hass, name):
                self.hass = hass

            async def run(self):
                CALL(self.hass.services.async_call("switch", "turn_on", {}))
    """,
    "the session of all": """
        async def load(hass: HomeAssistant):
            session = async_get_clientsession(hass)
            CALL(session.get("https://example.com"))
    """,
}


def source(shape: str, call: str, mark: str = "") -> str:
    return with_calls(HEAD + textwrap.dedent(SHAPES[shape]), call, mark)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_dropped_coroutine_is_found(shape):
    assert_marked(source(shape, "", "  # LMB201"))


@pytest.mark.parametrize("shape", SHAPES)
def test_an_awaited_one_is_fine(shape):
    assert_marked(source(shape, "await "))


@pytest.mark.parametrize("shape", SHAPES)
def test_what_starts_it_is_fine(shape):
    text = source(shape, "HASS.async_create_task(").replace("\n        await", "\n    ")
    lines = [
        line + ")" if "HASS.async_create_task(" in line else line
        for line in text.split("\n")
    ]
    assert_marked("from hass import HASS\n" + "\n".join(lines))


GOOD = {
    "callbacks, which are plain": """
        class Thermostat(ClimateEntity):
            async def async_set_temperature(self, **kwargs):
                self.async_write_ha_state()
                self.async_schedule_update_ha_state(True)
                self.schedule_update_ha_state()

            async def async_added_to_hass(self):
                self.async_on_remove(self.hass.bus.async_listen("event", print))
    """,
    "jobs that run without anybody who waits": """
        class Thermostat(ClimateEntity):
            def turn_on(self):
                self.hass.add_job(self.async_turn_on)
                self.hass.async_add_job(self.async_turn_on())
                self.hass.async_add_executor_job(print)
                self.hass.create_task(self.async_turn_on())
    """,
    "a mixin that nobody knows may have the method": """
        from vendor import Mixin

        class Thermostat(Mixin, ClimateEntity):
            async def async_added_to_hass(self):
                super().async_added_to_hass()
    """,
    "a class of the project has it, and it is plain": """
        class Base:
            def async_added_to_hass(self): ...

        class Thermostat(Base, ClimateEntity):
            async def async_added_to_hass(self):
                super().async_added_to_hass()
    """,
    "what the class assigns is what it has": """
        class Thermostat(ClimateEntity):
            def __init__(self, hass):
                self.hass = wrapped(hass)

            async def async_turn_on(self):
                self.hass.services.async_call("switch", "turn_on", {})
    """,
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_good(text):
    assert_marked(HEAD + textwrap.dedent(text))


#: What a set-up gives to a thread: with `# LMB201` where that is an async function.
IN_THREADS = """
from integration import client

class Api:
    async def start(self): ...
    def stop(self): ...
    async def load(self): ...

async def load(key): ...

async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry):
    api = Api()
    await hass.async_add_executor_job(api.stop)
    await hass.async_add_executor_job(client.load)
    await hass.async_add_executor_job(api.start)  # LMB201
    await hass.async_add_executor_job(load, entry.data)  # LMB201

async def async_unload(hass, entry):
    await hass.async_add_executor_job(load, entry.data)  # LMB201
    await hass.async_add_executor_job(print, entry.data)
"""


def test_what_is_given_to_threads():
    assert_marked({"app.py": HEAD + IN_THREADS, "integration/client.py": ""})


def test_what_gives_back_the_coroutine_may_be_awaited():
    text = IN_THREADS.replace("  # LMB201", "")
    assert_marked(HEAD + text + "\nasync def wait(it):\n    await (await it())\n")


def test_a_project_that_has_the_method_itself():
    text = "class Runner:\n    def async_add_executor_job(self, target): ..."
    assert_marked(
        {
            "app.py": (
                "async def load(): ...\n"
                "async def main(it):\n    await it.async_add_executor_job(load)\n"
            ),
            "runner.py": text,
        }
    )


COORDINATORS = """
from .vendor import Unknown

class Own(DataUpdateCoordinator):
    async def async_push(self, key): ...
    def tell(self, key): ...

class Light(CoordinatorEntity[Own], SensorEntity):
    async def async_turn_on(self):
        self.coordinator.async_push(1)  # LMB201
        self.coordinator.async_request_refresh()  # LMB201
        await self.coordinator.async_push(2)
        self.coordinator.tell(3)

class Base(CoordinatorEntity):
    def __init__(self, coordinator: Own, key: str) -> None:
        super().__init__(coordinator)
        self.key = key

class Fan(Base):
    async def async_turn_on(self):
        self.coordinator.async_push(self.key)  # LMB201

class Cover(CoordinatorEntity["Own | None"]):
    async def async_open(self):
        self.coordinator.async_push(1)  # LMB201

class Plain(CoordinatorEntity[DataUpdateCoordinator[dict]]):
    async def async_turn_on(self):
        self.coordinator.async_refresh()  # LMB201
        self.coordinator.async_push(1)

class Unsaid(CoordinatorEntity[Unknown]):
    async def async_turn_on(self):
        self.coordinator.async_push(1)

class Another(CoordinatorEntity[Own]):
    def __init__(self, coordinator) -> None:
        self.coordinator = coordinator.inner

    async def async_turn_on(self):
        self.coordinator.async_push(1)
"""


def test_the_coordinator_that_a_base_keeps():
    assert_marked(HEAD + COORDINATORS)


def test_others_may_call_something_else_so():
    """A name says something only where Home Assistant is imported."""
    text = """
        async def run(hass):
            hass.services.async_call("switch", "turn_on", {})
    """
    assert_marked(textwrap.dedent(text))

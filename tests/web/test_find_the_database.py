"""A file of one's own, or an organisation's PostgreSQL by its address."""

from __future__ import annotations

import pytest

from bounceback_web.config.data_dir import postgresql


def test_an_address_becomes_settings_with_its_signs_as_typed() -> None:
    found = postgresql("postgresql://school:p%40ss%2Fword@db.example:6432/bounce?sslmode=require")
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("bounce", "school", "p@ss/word")
    assert (found["HOST"], found["PORT"]) == ("db.example", "6432")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_folder_is_a_host() -> None:
    assert postgresql("postgresql://me@/bounce?host=/run/postgresql")["HOST"] == "/run/postgresql"


@pytest.mark.parametrize("address", ["", "mysql://a/b", "postgresql://host", "bounceback.sqlite3"])
def test_what_is_no_address_is_refused_with_the_form_of_one(address: str) -> None:
    with pytest.raises(ValueError, match="postgresql://name:password@host") as said:
        postgresql(address)
    assert "\n" not in str(said.value)

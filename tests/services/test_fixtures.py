"""The databases and addresses that tests are handed."""

import socket

import sqlalchemy as sa
from sqlalchemy import inspect

from config.database import metadata, next_in_sequence, open_database


def _take(database) -> int:
    with database.writing() as connection:
        return next_in_sequence(connection, "archive")


def test_a_database_has_every_table(database):
    assert set(metadata.tables) <= set(inspect(database.engine).get_table_names())


def test_a_database_is_fresh_for_each_test(database):
    assert [_take(database), _take(database)] == [1, 2]


def test_a_database_is_fresh_for_the_next_test_too(database):
    assert _take(database) == 1


def test_an_empty_postgresql_database_can_be_migrated(postgresql_url):
    database = open_database(postgresql_url)
    assert _take(database) == 1
    database.close()


def test_redis_is_empty(redis_url):
    host, port = sa.make_url(redis_url).host, sa.make_url(redis_url).port
    assert host
    assert port
    with socket.create_connection((host, port), timeout=2) as connection:
        connection.sendall(b"DBSIZE\r\nSET left here\r\n")
        assert connection.recv(100).startswith(b":0")


def test_redis_is_empty_again(redis_url):
    test_redis_is_empty(redis_url)


def test_a_page_can_be_filled_in(page):
    page.set_content("<label>Tìm <input></label>")
    page.get_by_label("Tìm").fill("Đắk Lắk")
    assert page.get_by_label("Tìm").input_value() == "Đắk Lắk"

"""What make bridges calls a difference."""

from scripts.bridges import difference


def test_columns_that_a_bridge_adds_are_none():
    before = {"clv_historic": "3 ab", "transitions: stage": "2 cd"}
    after = {**before, "margin_total": "3 ef"}
    assert difference.of_profiles(before, after) == []


def test_columns_that_changed_or_went():
    before = {"clv_historic": "3 ab", "rfm_code": "3 cd", "gap_days": "3 ef"}
    after = {"clv_historic": "3 xx", "gap_days": "3 yy"}
    lines = difference.of_profiles(before, after, ["gap_days"])
    assert [line.partition(":")[0] for line in lines] == ["clv_historic", "rfm_code"]


def test_queries_up_to_the_limit():
    before = {"list": 10, "form": 4}
    assert difference.of_queries(before, {"list": 13, "form": 4}, 3) == []
    assert difference.of_queries(before, {"list": 14, "form": 4}, 3) == [
        "list: 10 queries became 14"
    ]


def test_schema():
    before = {"columns": ["a.id integer", "a.name text"], "tables": ["a"]}
    after = {"columns": ["a.id integer", "a.risk text"], "tables": ["a"]}
    assert difference.of_schema(before, after) == [
        "columns: left a.risk text",
        "columns: lost a.name text",
    ]


def test_rows_left_lost_and_changed():
    before = {"ir_rule": {"x": [1], "y": [2], "z": [3]}, "bus_bus": {}}
    after = {"ir_rule": {"x": [1], "yy": [2], "new": [9]}, "gone": {"a": [1]}}
    assert difference.of_rows(before, after) == [
        "ir_rule: left 1 (id 9)",
        "ir_rule: lost 1 (id 3)",
        "ir_rule: changed 1 (id 2)",
    ]


def test_the_same_rows_under_other_numbers():
    assert not difference.of_rows({"a": {"x": [1, 2]}}, {"a": {"x": [5, 6]}})


def test_one_of_several_equal_rows():
    lines = difference.of_rows({"rel": {"x": [0]}}, {"rel": {"x": [0, 0]}})
    assert lines == ["rel: left 1 (id 0)"]
    lines = difference.of_rows({"a": {"x": [1]}}, {"a": {"x": [1, 7]}})
    assert lines == ["a: left 1 (id 7)"]


def test_rows_that_are_never_the_same():
    before = {"ir_cron_trigger": {}, "orm_signaling_registry": {}, "sale_order": {}}
    after = {table: {"x": [1]} for table in before}
    assert difference.of_rows(before, after, ["sale_order"]) == []

"""Recomputes the expected texts in cases.json with Jinja2 3.1 set up as Hugging Face transformers does.

To add a case, append {"template": "..."} to a group and run: python3 refresh.py  (needs: pip install jinja2)
A null "expected" means that Jinja2 fails, at parsing or rendering.
"""
import datetime
import json
import pathlib

import jinja2.ext
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def to_json(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


environment = ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
environment.filters["tojson"] = to_json
environment.globals["raise_exception"] = raise_exception
environment.globals["strftime_now"] = lambda form: datetime.datetime(2026, 8, 2, 12, 34, 56).strftime(form)

path = pathlib.Path(__file__).with_name("cases.json")
data = json.loads(path.read_text(encoding="utf-8"))
for cases in data["groups"].values():
    for case in cases:
        try:
            case["expected"] = environment.from_string(case["template"]).render(**json.loads(json.dumps(data["variables"])))
        except Exception:
            case["expected"] = None
path.write_text(json.dumps(data, ensure_ascii=True, indent=1) + "\n", encoding="utf-8")

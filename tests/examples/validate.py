#!/usr/bin/env python3
"""Validates JSON files against a JSON Schema and ends with 1 when one is not sound.

Usage: validate.py SCHEMA FILE...
"""

import json
import pathlib
import sys

import jsonschema


def main(schema_file, *files):
    schema = json.loads(pathlib.Path(schema_file).read_text())
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    errors = [f"{file}: {error.json_path}: {error.message}" for file in files
              for error in kind(schema).iter_errors(json.loads(pathlib.Path(file).read_text()))]
    print("\n".join(errors))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

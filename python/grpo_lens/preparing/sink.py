"""Where records are written."""

from __future__ import annotations

import json
from typing import Any

from grpo_lens.choring import Refused, need

BATCH = 1000


class Sink:
    """Records into JSONL or parquet."""

    def __init__(self, file: Any, path: str) -> None:
        self.file, self.count, self.rows = file, 0, []
        self.arrow = need("pyarrow") if path.endswith(".parquet") else None
        self.parquet = need("pyarrow", "pyarrow.parquet") if self.arrow else None
        self.writer: Any = None

    def add(self, record: dict[str, Any]) -> None:
        self.count += 1
        if self.arrow is None:
            self.file.write((json.dumps(record, ensure_ascii=False) + "\n").encode())
            return
        self.rows.append(record)
        if len(self.rows) >= BATCH:
            self.flush()

    def flush(self) -> None:
        if self.arrow is None or not self.rows:
            return
        schema = self.writer.schema if self.writer else None
        try:
            table = self.arrow.Table.from_pylist(self.rows, schema=schema)
        except (self.arrow.ArrowInvalid, self.arrow.ArrowTypeError) as error:
            raise Refused(f"The columns do not hold one type each: {error}.") from None
        self.writer = self.writer or self.parquet.ParquetWriter(self.file, table.schema)
        self.writer.write_table(table)
        self.rows = []

    def end(self) -> None:
        self.flush()
        if self.writer:
            self.writer.close()

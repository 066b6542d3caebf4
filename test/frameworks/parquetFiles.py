"""Reads a parquet file as pyarrow does and says its rows; writes them again in every way that pyarrow knows.

python parquetFiles.py READ FOLDER: rows as JSON lines on standard output, one file a way in FOLDER.
"""

import itertools
import json
import sys

import pyarrow.parquet as parquet

table = parquet.read_table(sys.argv[1])
for row in table.to_pylist():
    print(json.dumps(row))
for page, codec, dictionary in itertools.product(["1.0", "2.0"], ["snappy", "gzip", "zstd", "none"], [True, False]):
    parquet.write_table(
        table,
        f"{sys.argv[2]}/{page}-{codec}-{dictionary}.parquet",
        data_page_version=page,
        compression=codec,
        use_dictionary=dictionary,
        data_page_size=2000,
        row_group_size=170,
    )

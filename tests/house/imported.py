"""The vendor's file of companies, put where the vendor would."""

import csv
import io
import json

from world import until

COLUMNS = ("id", "name", "street", "zip", "city", "country", "domain", "phone", "vat_id", "lei")
WERK = {"id": "C-1", "name": "Kugelwerk Muster GmbH", "street": "Am Kugelwerk 1", "zip": "50667", "city": "Köln", "country": "DE",
        "domain": "kugelwerk.example", "phone": "+49 221 1234567", "vat_id": "DE136695976", "lei": ""}


def file(companies):
    text = io.StringIO()
    rows = csv.DictWriter(text, COLUMNS, restval="")
    rows.writeheader()
    rows.writerows(companies)
    return text.getvalue()


def take_in(world, name, companies):
    """Puts a file where the vendor would, and waits for its report; returns the result in the report."""
    s3, bucket = world.stack.client("s3"), world.stack.settings("companies")["BUCKET_REFERENCE"]
    s3.put_object(Bucket=bucket, Key=f"incoming/{name}", Body=file(companies).encode())
    reports = {"Bucket": bucket, "Prefix": f"reports/{name}"}
    listed = until(lambda: s3.list_objects_v2(**reports).get("Contents"), "the report of the import", 60)
    report = json.load(s3.get_object(Bucket=bucket, Key=listed[0]["Key"])["Body"])
    return report["report"]["result"]

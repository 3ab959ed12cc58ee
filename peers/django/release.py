"""Makes the table of sessions; the other engines need nothing."""

import os
import subprocess
import sys

if os.environ["ENGINE"] in ("db", "cached_db"):
    subprocess.run([sys.executable, "manage.py", "migrate", "--noinput"], check=True)

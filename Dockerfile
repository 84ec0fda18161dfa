# The program and its libraries, by the lock with hashes; runs as an ordinary user.
FROM python:3.11.14-slim-trixie

# Compiled bytecode saves each flow run seconds; a flow run is a process of its own.
ENV PYTHONUNBUFFERED=1 PATH=/opt/iku/bin:$PATH

# The user of the image has the number of the one who owns the office's folders on the machine.
ARG UID=10001
RUN useradd --uid $UID --create-home --shell /usr/sbin/nologin iku \
    && python -m venv /opt/iku \
    && install -d -o iku -g iku -m 0700 /var/lib/iku /var/lib/prefect

WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes \
    -r requirements.lock

COPY . .
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation -e . \
    && pip check

USER iku
ENV IKU_HOME=/var/lib/iku PREFECT_HOME=/var/lib/prefect
CMD ["iku", "--help"]

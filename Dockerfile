# docker build -t sdae . && docker run --rm --gpus all -v "$PWD/runs:/work/runs" -v "$HOME/.cache/sdae:/data" sdae fit
# The wheel of torch on PyPI brings its own CUDA libraries, so that the host needs nothing but a driver.
FROM python:3.12-slim
WORKDIR /src
COPY . .
RUN pip install --no-cache-dir -c constraints.txt .
ENV SDAE_DATA=/data
WORKDIR /work
ENTRYPOINT ["sdae"]
CMD ["--help"]

# The image of a run, and of a cluster's worker.
# docker build -t sdae .
# docker run --rm --gpus all -v "$PWD/runs:/sdae/runs" -v "$HOME/.cache/sdae:/data" sdae fit
# docker run --rm --gpus all -v "$PWD/runs:/sdae/runs" -v "$HOME/.cache/sdae:/data" -e SDAE_STORAGE sdae sweep --join
# The wheel of torch on PyPI brings its own CUDA libraries, so that the host needs nothing but a driver. The program is
# the container's first process: docker stop and Kubernetes reach it with their SIGTERM, and a worker gives its trial back.
FROM python:3.12-slim
WORKDIR /src
COPY . .
RUN pip install --no-cache-dir -c constraints.txt '.[cluster]'
ENV SDAE_DATA=/data
WORKDIR /sdae
ENTRYPOINT ["sdae"]
CMD ["--help"]

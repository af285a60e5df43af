# Gramzoom on the processor: docker run --rm -v "$PWD:/work" gramzoom render photo.jpg --out zoom.gif

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The package of ONNX Runtime carries every platform; the other systems' 200 MB stay out of the image.
RUN npm ci --omit=dev --no-audit --no-fund \
 && rm -rf node_modules/onnxruntime-node/bin/napi-v6/darwin \
           node_modules/onnxruntime-node/bin/napi-v6/win32

# The project brings its own Node, in node_modules/.bin: the one that its lock file names.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg libstdc++6 tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 1000 --create-home gramzoom
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE NOTICE ./
COPY networks networks
COPY commands commands
COPY src src
ENV NODE_ENV=production PATH=/app/node_modules/.bin:$PATH
USER gramzoom
WORKDIR /work
# Node is not made to be process 1: tini passes signals on and collects what has died.
ENTRYPOINT ["tini", "--", "node", "/app/src/cli.ts"]
CMD ["--help"]

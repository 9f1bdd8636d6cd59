FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# Its scripts run what was built: npm run operator, doctor, migrate …
COPY --from=build /app/dist/package.json .
# What Node compiled is kept for the next start.
RUN install -d -o node dist/compile-cache
USER node
EXPOSE 4000
# Node itself gets the signals: npm would keep SIGTERM from it.
CMD ["node", "dist/src/main.js"]

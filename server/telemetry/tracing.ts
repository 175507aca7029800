import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { type Config } from '../config.js';

/** Spans of this product. Without an endpoint nothing records them, and they cost next to nothing. */
const tracer = trace.getTracer('frostline');

export interface Tracing {
  /** Sends what waits. */
  close(): Promise<void>;
}

/**
 * Sends traces by OTLP over HTTP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set; the SDK is not even loaded otherwise.
 * @param service what this process is called in traces
 */
export async function startTracing(
  { traceEndpoint, version }: Pick<Config, 'traceEndpoint'> & { version: string },
  service: string,
): Promise<Tracing> {
  if (traceEndpoint === null) return { async close() {} };
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const url = `${traceEndpoint.replace(/\/+$/, '')}/v1/traces`;
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  provider.register();
  return { close: () => provider.shutdown() };
}

/** A span around `work`, which fails with it. */
export function traced<Result>(
  name: string,
  attributes: Record<string, string | number>,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A span for each request, below the one that the client names in `traceparent`. */
export function traceRequests(routeOf: (path: string) => string): RequestHandler {
  return (request, response, next) => {
    const route = routeOf(request.path);
    const parent = propagation.extract(context.active(), request.headers);
    const attributes = { 'http.request.method': request.method, 'http.route': route };
    const options = { kind: SpanKind.SERVER, attributes };
    tracer.startActiveSpan(`${request.method} ${route}`, options, parent, (span) => {
      response.once('close', () => {
        span.setAttribute('http.response.status_code', response.statusCode);
        if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      });
      next();
    });
  };
}

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { readConfig } from '../../server/config.js';
import { runCli } from '../support/cli.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const file = (name: string): string => readFileSync(join(root, name), 'utf8');

interface Service {
  image?: string;
  build?: string;
  command: string[];
  environment: Record<string, string | number>;
  ports: string[];
  volumes: string[];
  healthcheck: { test?: string[]; disable?: boolean };
  depends_on: Record<string, { condition: string }>;
}

/** Variables that reach libraries without passing through server/config.ts, and who reads them. */
const readElsewhere = {
  PGPASSWORD: 'pg, and Prisma when it migrates',
  ONNXRUNTIME_NODE_INSTALL: 'the script by which onnxruntime-node is installed',
};

/** Fills in variables as compose does; one without a value and a default stays an error. */
function interpolate(text: string, variables: Record<string, string>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind: string, rest: string) => {
    const value = variables[name] ?? (kind === '-' ? rest : undefined);
    assert.ok(value !== undefined, `${name} has a value`);
    return value;
  });
}

function compose(variables: Record<string, string>): {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
} {
  return parse(interpolate(file('compose.yaml'), variables), { merge: true });
}

/** Lines of the Dockerfile by their instruction, each as it stands. */
function dockerfile(instruction: string): string[] {
  const lines = file('Dockerfile').split('\n');
  return lines
    .filter((line) => line.startsWith(`${instruction} `))
    .map((line) => line.slice(instruction.length + 1));
}

function imageEnvironment(): Record<string, string> {
  const pairs = dockerfile('ENV').flatMap((line) => line.split(' '));
  return Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]));
}

/** What a process of a service sees. */
function environmentOf({ environment }: Service): Record<string, string> {
  const own = Object.entries(environment).map(([name, value]) => [name, String(value)]);
  return { ...imageEnvironment(), ...Object.fromEntries(own) };
}

describe('compose.yaml and the Dockerfile', () => {
  const { services, volumes } = compose({ FROSTLINE_POSTGRES_PASSWORD: 'secret' });
  const { postgres, server, worker } = services as Record<'postgres' | 'server' | 'worker', Service>;

  it('start Postgres, then the server, then workers, each when the one before is well', () => {
    assert.deepEqual(Object.keys(services), ['postgres', 'server', 'worker']);
    assert.deepEqual(server.depends_on, { postgres: { condition: 'service_healthy' } });
    assert.deepEqual(worker.depends_on, { server: { condition: 'service_healthy' } });
    // On its socket alone Postgres answers while the image still sets it up.
    assert.deepEqual(postgres.healthcheck.test, ['CMD-SHELL', 'pg_isready -h 127.0.0.1 -U frostline']);
    assert.equal(worker.healthcheck.disable, true);
  });

  it('ask for a password, whatever its characters, and put it into no URL', () => {
    assert.throws(() => compose({}), /FROSTLINE_POSTGRES_PASSWORD has a value/);
    const password = 'p@s/w:o#d';
    const asked = compose({ FROSTLINE_POSTGRES_PASSWORD: `"${password}"` }).services;
    assert.equal(asked.postgres!.environment.POSTGRES_PASSWORD, password);
    for (const name of ['server', 'worker']) {
      const { DATABASE_URL, PGPASSWORD } = asked[name]!.environment;
      assert.equal(PGPASSWORD, password);
      const { protocol, hostname, username, pathname } = new URL(String(DATABASE_URL));
      assert.deepEqual(
        [protocol, hostname, username, pathname],
        [
          'postgresql:',
          'postgres',
          postgres.environment.POSTGRES_USER,
          `/${postgres.environment.POSTGRES_DB}`,
        ],
      );
    }
  });

  it('set no variable that nobody reads, and only values that the configuration takes', () => {
    for (const service of [server, worker]) {
      const environment = environmentOf(service);
      const read = new Set<string>(Object.keys(readElsewhere));
      const config = readConfig(
        new Proxy(environment, {
          get(target, name: string) {
            read.add(name);
            return target[name];
          },
        }),
      );
      assert.deepEqual(
        Object.keys(environment).filter((name) => !read.has(name)),
        [],
      );
      assert.equal(config.databaseUrl, environment.DATABASE_URL);
      assert.deepEqual(config.origins, ['http://localhost:4000']);
    }
  });

  it('keep all that lasts in volumes, which server and workers share', () => {
    const environment = environmentOf(server);
    const [folder] = dockerfile('VOLUME');
    const { dataFolder, cacheFolder, modelsFolder, blobs } = readConfig(environment);
    assert.equal(dataFolder, folder);
    for (const path of [cacheFolder, modelsFolder, blobs.kind === 'folder' ? blobs.folder : '']) {
      assert.ok(path.startsWith(`${folder}/`), path);
    }
    assert.deepEqual(server.volumes, [`data:${folder}`]);
    assert.deepEqual([worker.volumes, worker.environment], [server.volumes, server.environment]);
    assert.deepEqual(Object.keys(volumes), ['postgres', 'data']);
  });

  it('publish the port that the server listens on, to this machine only', () => {
    const { port, host } = readConfig(environmentOf(server));
    assert.deepEqual([server.ports, worker.ports], [[`127.0.0.1:${port}:${port}`], []]);
    assert.deepEqual([dockerfile('EXPOSE'), host], [[String(port)], '0.0.0.0']);
  });

  it('run commands that there are, on a Node that is new enough', async () => {
    assert.deepEqual(dockerfile('ENTRYPOINT'), ['["node", "bin/frostline.mjs"]']);
    assert.deepEqual(dockerfile('CMD'), [JSON.stringify(server.command).replace(',', ', ')]);
    for (const { command, build } of [server, worker]) {
      assert.equal(build, '.');
      const { status, stdout } = await runCli([...command, '--help']);
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`^Usage: frostline ${command[0]} `));
      for (const option of command.slice(1)) assert.ok(stdout.includes(`  ${option} `), option);
    }
    assert.match(dockerfile('FROM')[0]!, /^node:20-/);
    const { engines } = JSON.parse(file('package.json')) as { engines: { node: string } };
    assert.match(engines.node, /^>=20\./);
  });

  it('take the server for well when it is ready, and for ill when it is not or does not answer', async () => {
    const [, command] = /CMD (\[.*\])$/.exec(dockerfile('HEALTHCHECK')[0]!)!;
    let status = 200;
    const asked: (string | undefined)[] = [];
    const stub = createServer(({ url }, response) => {
      asked.push(url);
      response.writeHead(status).end();
    }).listen(0, '127.0.0.1');
    await once(stub, 'listening');
    const [program, ...args] = JSON.parse(
      command!.replace(':4000/', `:${(stub.address() as AddressInfo).port}/`),
    ) as [string, ...string[]];
    const check = () =>
      new Promise<number>((resolve) => {
        const child = execFile(program, args, () => resolve(child.exitCode!));
      });
    assert.equal(await check(), 0);
    status = 503;
    assert.equal(await check(), 1);
    stub.close();
    stub.closeAllConnections();
    assert.equal(await check(), 1);
    assert.deepEqual(asked, ['/readyz', '/readyz']);
  });
});

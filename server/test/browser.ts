export interface Answer<T = any> {
  status: number;
  body: T;
  headers: Headers;
}

/** One browser: keeps cookies, sends what our pages send. */
export interface Browser {
  cookies: Map<string, string>;
  call<T = any>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  get<T = any>(path: string, headers?: Record<string, string>): Promise<Answer<T>>;
  post<T = any>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  put<T = any>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  delete<T = any>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
}

export function makeBrowser(origin: string): Browser {
  const cookies = new Map<string, string>();
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const form = body instanceof FormData;
    const response = await fetch(origin + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(method === 'GET' ? {} : { 'x-requested-with': 'dengji', origin }),
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
        ...(cookies.size ? { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: form || typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const eq = pair.indexOf('=');
      if (/max-age=0/i.test(line)) cookies.delete(pair.slice(0, eq));
      else cookies.set(pair.slice(0, eq), pair.slice(eq + 1));
    }
    const json = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: json ? await response.json() : Buffer.from(await response.arrayBuffer()),
    };
  };
  return {
    cookies,
    call,
    get: (path, headers) => call('GET', path, undefined, headers),
    post: (path, body, headers) => call('POST', path, body, headers),
    put: (path, body, headers) => call('PUT', path, body, headers),
    delete: (path, body, headers) => call('DELETE', path, body, headers),
  };
}

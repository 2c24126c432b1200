import type { TodoView } from '../src/backend/types/TodoView';
import type { StreamMoment } from '../src/backend/types/StreamMoment';
import { FakeBackend, configured, report, source, todo as plain } from '../tests/fake';
import { Decoding } from './decoding';

type Words = Record<'en' | 'zh-CN', string>;

/** A time of day so many days from today. */
function at(days: number, hour: number, minute = 0): string {
  const now = new Date();
  return new Date(
    now.getFullYear(),
    now.getMonth(),
    now.getDate() + days,
    hour,
    minute,
  ).toISOString();
}

function before(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

/** A day at the office, as in the design's sketches. */
function office(language: keyof Words): TodoView[] {
  const t = (en: string, zh: string) => (language === 'en' ? en : zh);
  const todo = (as: Partial<TodoView>) => plain({ source_name: t('Work', '工作'), ...as });
  const finance = [t('Finance', '财务')];
  return [
    todo({
      title: t('Approve travel expenses, third quarter', '审批：第三季度差旅报销'),
      sender: t('Chen Jing', '陈静'),
      tags: finance,
      priority: 5,
      group: 'overdue',
      due: at(-1, 18),
      created: before(2),
      url: 'https://erp.example.com/approvals/4711',
      body: t(
        'Fourteen receipts from three trips, 2,318.40 in all. Two hotel bills are above the usual rate; the reasons are in the notes.\n\nThe approval: https://erp.example.com/approvals/4711\nThe rules: https://wiki.example.com/travel#rates (short)\n\nPlease decide by Monday, so that it makes this month’s payroll.',
        '三次出差共十四张票据，合计 2,318.40 元。其中两张酒店账单超出标准，原因见备注。\n\n审批链接：https://erp.example.com/approvals/4711\n差旅规定：https://wiki.example.com/travel#rates\n\n请在周一前处理，以便随本月工资发放。',
      ),
    }),
    todo({
      title: t('Supplier contract 2026-118 to countersign', '供应商合同 2026-118 待会签'),
      sender: t('Legal', '法务系统'),
      priority: 4,
      group: 'overdue',
      due: at(-2, 12),
      created: before(190),
      read: true,
      url: 'https://legal.example.com/c/118',
    }),
    todo({
      title: t(
        'Production release needs your confirmation before the window closes',
        '生产环境发布需要你确认，窗口期结束前请处理',
      ),
      sender: t('Release desk', '发布平台'),
      priority: 5,
      group: 'today',
      due: at(0, 23, 30),
      created: before(0),
      url: 'https://release.example.com/',
    }),
    todo({
      title: t('Minutes of the weekly meeting were updated', '周会纪要已更新，请查看'),
      sender: t('Wang Lei', '王磊'),
      tags: [t('Project', '项目组')],
      group: 'today',
      due: at(0, 23, 45),
      created: before(14),
    }),
    todo({
      title: t(
        'Rechtsschutzversicherungsgesellschaften und Donaudampfschifffahrtsgesellschaftskapitän bestätigen',
        '信息安全培训（必修）：请在年底之前完成全部章节并通过考试，逾期账号将被限制访问',
      ),
      sender: t('Training', '培训中心'),
      group: 'later',
      due: at(4, 17),
      created: before(60 * 26),
    }),
    todo({
      title: t('Update customer contact details', '更新客户联系人资料'),
      sender: 'CRM',
      group: 'later',
      due: at(12, 9),
      created: before(60 * 24 * 4),
      read: true,
      priority: 2,
    }),
    todo({
      title: t('Choose a date for the team’s winter outing', '选择团队冬季活动的日期'),
      sender: t('Li Na', '李娜'),
      tags: [t('Team', '团队')],
      created: before(60 * 5),
    }),
    todo({
      title: t('Read the new travel policy', '阅读新的差旅规定'),
      sender: 'HR',
      tags: finance,
      read: true,
      priority: 1,
      created: before(60 * 24 * 9),
    }),
  ];
}

/** The worlds that the pictures and the browser tests show, by name. */
export function fixture(name: string, language: keyof Words): FakeBackend {
  const backend = new FakeBackend();
  const t = (en: string, zh: string) => (language === 'en' ? en : zh);
  const work = t('Work', '工作');
  if (backend.desktop) backend.desktop.language = language;
  backend.sources = [source({ name: work, words: t('connected', '已连接') })];
  if (backend.desktop) {
    backend.desktop.kept.sources = [configured({ name: work })];
    backend.desktop.report = {
      found: 'belldot',
      sentence: t(
        'A Belldot server. It replays what you missed and takes back what you finish.',
        '这是 Belldot 服务器。它会补发您错过的待办，并同步您完成的待办。',
      ),
      steps: [
        {
          code: 'name',
          name: t('Name and address', '名称与地址'),
          ok: true,
          detail: 'todo.example.com → 10.20.0.7',
          millis: 4,
        },
        {
          code: 'stream',
          name: t('Stream', '事件流'),
          ok: true,
          detail: t('open', '已打开'),
          millis: 21,
        },
        {
          code: 'event',
          name: t('First event', '首个事件'),
          ok: true,
          detail: t('“Approve travel expenses”', '“审批：差旅报销”'),
          millis: 1210,
        },
        {
          code: 'replay',
          name: t('Replay', '补发'),
          ok: null,
          detail: t('there was nothing to send again', '没有可补发的事件'),
          millis: null,
        },
      ],
      first: [
        t('Approve travel expenses', '审批：差旅报销'),
        t('Read the new travel policy', '阅读新的差旅规定'),
      ],
      samples: messages(language),
    };
    backend.desktop.streams.set('work', stream(language));
  }
  switch (name) {
    case 'office':
      backend.todos = office(language);
      break;
    case 'trouble':
      backend.todos = office(language);
      if (backend.desktop) {
        backend.desktop.kept.sources = [
          configured({ name: work }),
          configured({ id: 'production', name: t('Production', '生产环境') }),
          configured({ id: 'hr', name: t('Human resources and payroll', '人力资源与薪酬') }),
        ];
      }
      backend.sources = [
        source({
          name: work,
          words: t('the server is full', '服务器连接已满'),
          state: { state: 'full', until: new Date(Date.now() + 581_000).toISOString() },
        }),
        source({
          id: 'production',
          name: t('Production', '生产环境'),
          words: '',
          state: {
            state: 'waiting',
            until: new Date(Date.now() + 42_000).toISOString(),
            attempt: 3,
            cause: { code: 'refused', detail: null },
          },
        }),
        source({
          id: 'hr',
          name: t('Human resources and payroll', '人力资源与薪酬'),
          words: t('sign-in needed', '需要登录'),
          state: { state: 'stopped', cause: { code: 'sign-in', detail: null } },
        }),
      ];
      break;
    case 'one':
      backend.todos = office(language).slice(0, 1);
      break;
    case 'sources':
      backend.sources.push(
        source({
          id: 'dampf',
          name: t(
            'Donaudampfschifffahrtsgesellschaft Personalabteilung',
            '集团总部信息技术与数字化转型办公室',
          ),
        }),
      );
      backend.sources.push(source({ id: 'hr', name: t('Human resources', '人力资源') }));
      backend.todos = office(language).map((todo, k) =>
        k % 3 === 1
          ? { ...todo, source: 'hr', source_name: t('Human resources', '人力资源') }
          : todo,
      );
      break;
    case 'quiet':
      if (backend.desktop) {
        backend.desktop.kept.notifications.quiet = {
          enabled: true,
          from: '20:00:00',
          to: '08:00:00',
          days: ['saturday', 'sunday'],
          except: 5,
        };
        backend.desktop.kept.notifications.sounds.high = 'alarm';
        backend.desktop.kept.network = {
          proxy: {
            through: {
              url: 'http://proxy.example.com:3128',
              user: 'chen.jing',
              except: 'intranet.example.com, .local, 10.0.0.0/8',
            },
          },
          extra_ca: [
            '/etc/ssl/company/Root-CA-2024.pem',
            '/usr/local/share/ca-certificates/Zertifizierungsstelle-Donaudampfschifffahrt-2026.crt',
          ],
          client_certificate: '/home/chen/.config/belldot/chen.pem',
        };
        backend.desktop.proxyPassword = 'secret';
      }
      break;
    case 'locked':
      if (backend.desktop) {
        backend.desktop.kept.sources = [
          configured({ name: work, headers: { 'X-Tenant': 'finance' } }),
          configured({ id: 'own', name: t('My own', '我自己的') }),
        ];
        backend.desktop.locked = {
          paths: [
            'sources',
            'sources.work',
            'general.autostart',
            'notifications.enabled',
            'notifications.quiet.enabled',
            'network.proxy',
          ],
          reason: t(
            'Required by the IT department; ask helpdesk@example.com.',
            '信息技术部要求；如有疑问请联系 helpdesk@example.com。',
          ),
        };
      }
      break;
    case 'unknown':
      backend.desktop = new Decoding(backend);
      backend.desktop.language = language;
      backend.desktop.kept.sources = [
        configured({ name: work, url: 'https://erp.example.com/sse' }),
      ];
      backend.desktop.streams.set('work', report({ samples: unknown(language) }));
      backend.sources = [
        source({
          name: work,
          words: t('connected', '已连接'),
          seen: 'not-understood',
          not_understood: {
            count: 1_204,
            latest: unknown(language).map(({ kind, data }) => ({
              kind,
              words: data.slice(0, 120),
              outline: null,
            })),
          },
        }),
      ];
      break;
    case 'first':
      backend.sources = [];
      if (backend.desktop) backend.desktop.kept.sources = [];
      break;
    case 'empty':
      break;
    case 'many':
      backend.todos = Array.from({ length: 100_000 }, (_, k) =>
        plain({
          title: t(`To-do number ${k + 1} of a long list`, `长列表中的第 ${k + 1} 条待办`),
          sender: t('Release desk', '发布平台'),
          read: k % 7 !== 0,
          priority: (k % 5) + 1,
          group: k < 40 ? 'overdue' : k < 120 ? 'today' : k < 60_000 ? 'later' : 'no-date',
          due: k < 60_000 ? at(k < 40 ? -1 : k < 120 ? 0 : 3 + (k % 30), 23, 59) : null,
          created: before(k % 5000),
        }),
      );
      break;
    case 'hostile':
      backend.todos = HOSTILE.map((as) => plain({ ...as, group: 'no-date' }));
      break;
  }
  return backend;
}

/** The first messages of a server: some of its own format, and what else there may be. */
function messages(language: keyof Words) {
  const t = (en: string, zh: string) => (language === 'en' ? en : zh);
  const message = (data: object | string, kind = 'message') => ({
    kind,
    data: typeof data === 'string' ? data : JSON.stringify(data),
    id: '',
  });
  return [
    message({
      title: t('Read the new travel policy', '阅读新的差旅规定'),
      sender: 'HR',
      read: true,
    }),
    message({ ping: before(3) }),
    message({
      title: t('Approve travel expenses, third quarter', '审批：第三季度差旅报销'),
      body: t('Fourteen receipts from three trips.', '三次出差共十四张票据。'),
      priority: 5,
      due: at(-1, 18),
      sender: t('Chen Jing', '陈静'),
      tags: [t('Finance', '财务')],
      url: 'https://erp.example.com/approvals/4711',
    }),
  ];
}

/** Messages of a server whose names say nothing. */
function unknown(language: keyof Words) {
  const t = (en: string, zh: string) => (language === 'en' ? en : zh);
  const rows = [
    { k1: 'A-1', k2: t('Sign the contract', '签署合同'), k3: '2027-01-31T17:00:00Z' },
    {
      k1: 'A-2',
      k2: t('Pay the bill of the caterer', '支付餐饮费用'),
      k3: '2027-02-03T09:00:00Z',
    },
    { k1: 'A-3', k2: t('Book a room', '预订会议室'), k3: null },
  ];
  const event = (kind: string, data: unknown) => ({ kind, data: JSON.stringify(data), id: '' });
  return [
    event('message', { tick: 17, load: 0.25 }),
    event('message', { code: 0, biz: { by: t('Purchasing', '采购部'), zzz: rows } }),
  ];
}

/** A stream that has seen something. */
function stream(language: keyof Words) {
  const t = (en: string, zh: string) => (language === 'en' ? en : zh);
  const until = new Date().toISOString();
  const cause = (code: string) => ({ code, detail: null });
  const moments: [number, StreamMoment['state'], string][] = [
    [190, { state: 'connecting', step: 'connection' }, t('connecting …', '正在连接…')],
    [189, { state: 'open', since: until }, t('connected', '已连接')],
    [
      74,
      { state: 'waiting', until, attempt: 0, cause: cause('ended') },
      t('the server ended the stream, next try at 12:01', '服务器结束了事件流，12:01 重试'),
    ],
    [73, { state: 'connecting', step: 'connection' }, t('connecting …', '正在连接…')],
    [
      72,
      { state: 'waiting', until, attempt: 1, cause: cause('refused') },
      t('nothing answers at that address, next try at 12:02', '该地址没有响应，12:02 重试'),
    ],
    [
      70,
      { state: 'full', until },
      t('the server is full, next try at 12:12', '服务器连接已满，12:12 重试'),
    ],
    [61, { state: 'connecting', step: 'connection' }, t('connecting …', '正在连接…')],
    [60, { state: 'open', since: before(60) }, t('connected', '已连接')],
  ];
  return report({
    history: moments.map(([minutes, state, words]) => ({ at: before(minutes), state, words })),
    attempts: 4,
    opened: 2,
    events: 12_345,
    skipped: 1,
    bytes: 4_812_000,
    last_id: '01JDB2Y3Q6-000000012345',
    samples: messages(language),
  });
}

/** What a server must not be able to do to the page. */
const HOSTILE: Partial<TodoView>[] = [
  {
    title: '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>',
    body: '<b>bold</b><iframe src="javascript:window.parent.harmed=1"></iframe> {@html 1}',
  },
  {
    title: 'invoice_\u202Efdp.exe',
    sender: '\u202Eevil\u2066',
    body: 'javascript:window.harmed=1 data:text/html,<script>window.harmed=1</script> https://example.com/\u202Emoc.live',
  },
  { title: 'x'.repeat(1024 * 1024), body: 'y '.repeat(512 * 1024) },
  {
    title: '\u0000\u0007\u001b[31mred\u200b\u200d\ufeff',
    tags: Array.from({ length: 500 }, (_, k) => `tag ${k}`),
  },
  { title: 'Ẕ̢̻͙̏a̶̡͚l̸g̷o̵ '.repeat(40), sender: 'Ẕ̢̻͙̏a̶̡͚l̸g̷o̵'.repeat(20), due: '99999-01-01' },
  { title: '{ $count } %s ${window.harmed=1}', due: '+275760-09-13T00:00:00.000Z', group: 'later' },
];

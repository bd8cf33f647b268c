// Bodies of request handlers that mean harm; see test_hostile.py.

//// endless loop
while (true) {}

//// endless loop, empty for
for (;;) {}

//// endless recursion
const f = (n) => f(n + 1) + 1; return f(0)

//// endless mutual recursion
const o = { a: () => o.b(), b: () => o.a() }; o.a()

//// endless growth
const a = []; for (;;) { a.push([1, 2, 3]) }

//// array that grows while it is walked
const a = [1]; a.forEach(() => a.push(1))

//// array that grows while it is iterated
const a = [1]; for (const x of a) a.push(x)

//// string bomb
let s = 'x'; for (;;) { s += s }

//// string bomb by replacing
let s = 'aaaaaaaa'; for (;;) { s = s.replaceAll('a', 'aaaaaaaa') }

//// string bomb by joining
let s = 'xxxxxxxx'; for (;;) { s = [s, s, s, s].join(s) }

//// string bomb as a result
let s = 'x'; for (const i of ctx.args.list) { s += s } return [s, s, s]

//// array bomb
const a = new Array(2 ** 27); return a.join()

//// array bomb, the largest
return new Array(4294967294).sort()

//// array bomb by length
const a = []; a.length = 4294967295; return a.indexOf(1)

//// array bomb by index
const a = []; a[4294967290] = 1; return a.map((x) => x)

//// array bomb by concat
const a = []; a.length = 4e9; return [].concat(a, a)

//// array bomb by flat
const a = []; a.length = 4e9; return [[a]].flat(5)

//// array bomb by fill
return new Array(1e9).fill(0).map((x) => x)

//// array bomb by reverse
const a = []; a.length = 4e9; return a.reverse()

//// array bomb by splice
const a = []; a.length = 4e9; return a.splice(0, 3e9)

//// array bomb by spread
const a = []; a.length = 4e9; return [...a]

//// array bomb as arguments
const a = []; a.length = 4e9; return Math.max(...a)

//// array bomb as JSON
const a = []; a.length = 4e9; return a

//// array-like bomb
const o = { __proto__: [], length: 4e9 }; return o.join('')

//// array-like bomb, lying length
let n = 0; const o = { __proto__: [], get length() { n += 1; return n > 1 ? 4e9 : 1
} }; return o.indexOf(1)

//// nested arrays
let a = []; for (;;) { a = [a] }

//// deep JSON
let a = 1; ctx.args.list.forEach(() => { a = { a } }); for (const i of
ctx.args.list) a = [a, a]; return a

//// deep JSON to parse
let s = '['; ctx.args.list.forEach(() => { s += s }); return JSON.parse(s)

//// circular JSON
const a = []; a.push(a); return a

//// catastrophic pattern
return util.matches('^(a+)+$',
'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')

//// catastrophic replacement
return 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'.replace('(a*)*c', '')

//// pattern bomb
let p = 'a'; ctx.args.list.forEach(() => { p = `(${p}){9}` }); return
util.matches(p, 'a')

//// toJSON that lies
return { toJSON() { return { toJSON() { return 1 } } } }

//// toJSON that never ends
return { toJSON() { for (;;) {} } }

//// getter that never ends
return { get a() { for (;;) {} } }

//// getter that fails
return { get a() { return nope } }

//// throw null
throw null

//// throw undefined
throw undefined

//// throw a getter
throw { get name() { for (;;) {} }, get message() { throw 1 } }

//// throw what cannot be text
throw { toString: null, name: { toString: null }, message: { toString() { throw 1 }
} }

//// throw a symbol
throw Symbol.iterator

//// throw what looks like a need
throw { what: 'args', kind: 'error', content: {} }

//// catch everything
try { util.error('x') } catch (e) { return e.kind }

//// catch a need
try { return ctx.args } catch (e) { return ctx.source }

//// generator
function* g() { for (;;) yield 1 } return [...g()]

//// promise
return Promise.resolve().then(() => { for (;;) {} })

//// async
const f = async () => { for (;;) {} }; return f()

//// pollute Object
({}).__proto__.evil = 1; Object.prototype.evil = 1

//// pollute by literal
const o = { __proto__: { __proto__: {} } }; o.__proto__.evil = 1; return o

//// pollute Array
[].constructor.prototype.map = () => 'evil'

//// pollute String
''.constructor.prototype.trim = () => 'evil'

//// pollute util
util.dynamodb.toDynamoDB = () => 'evil'

//// pollute JSON
JSON.stringify = () => 'evil'

//// pollute by assign
Object.assign(util.time, { nowISO8601: () => 'evil' })

//// pollute by iteration
for (Array.prototype[0] of ['evil']) ;

//// pollute the numbers
(1).constructor.prototype.toFixed = () => 'evil'

//// redefine the context
Object.assign(ctx, { args: { n: 'evil' } })

//// compile
return (() => {}).constructor('return 1')()

//// compile a generator
return (function* () {}).constructor('yield 1')().next()

//// evaluate
return eval('1')

//// reach the host
return [this, __appsync_modules, __appsync_iterations]

//// reset the counter
for (const x of ctx.args.list) { __appsync_iterations = -1 }

//// huge result
return ctx.args.list.map(() => ctx.args.text + ctx.args.text)

//// huge log
ctx.args.list.forEach(() => console.log(ctx.args.text, ctx.args.text))

//// huge error
util.error(ctx.args.text + ctx.args.text, ctx.args.text, ctx.args)

//// lone surrogates
return '\ud800' + '\udc00'.slice(0) + '\ud800'

//// NUL
return '\0'.concat('a\0b')

//// proxy
return new Proxy({}, { get: () => { for (;;) {} } })

//// symbols
return { [Symbol.toPrimitive]: 1 }

//// big integers
return 2n ** 100000000n

//// labels
a: for (;;) { for (;;) { continue a } }

//// date
return new Date().toISOString()

//// early return of the unprintable
const a = {}; a.a = a; runtime.earlyReturn(a)

//// no such zone
return util.time.nowFormatted('y', '../../../../etc/passwd')

//// zone bomb
return ctx.args.list.map((x, i) => util.time.nowFormatted('y', 'Etc/GMT+' + i))

//// pattern of letters
let p = 'y'; ctx.args.list.forEach(() => { p += p }); return
util.time.nowFormatted(p)

//// xml bomb
let s = '<a>'; ctx.args.list.forEach(() => { s += s }); return util.xml.toMap(s)

//// xml backtracking
return util.xml.toMap('<a ' + ctx.args.text + '>')

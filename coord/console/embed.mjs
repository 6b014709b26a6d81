// Turns the built page into a C++ source: node embed.mjs DIST OUTPUT.cpp
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';

const [dist, output] = process.argv.slice(2);
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

// Octal escapes have an end of their own (at most three digits), which hexadecimal ones have not.
function literal(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 96) {
    let line = '';
    for (const b of bytes.subarray(at, at + 96)) {
      const plain = b >= 32 && b < 127 && b !== 34 && b !== 92 && b !== 63;
      line += plain ? String.fromCharCode(b) : `\\${b.toString(8).padStart(3, '0')}`;
    }
    lines.push(`"${line}"`);
  }
  return lines.join('\n    ') || '""';
}

const entries = filesIn(dist).map((file) => {
  const type = types[extname(file)];
  if (!type) throw new Error(`embed.mjs: no content type is known for ${file}`);
  const bytes = readFileSync(file);
  return `  {"/${relative(dist, file)}", "${type}", std::string_view{\n    ${literal(bytes)}, ${bytes.length}}},`;
});

writeFileSync(
  output,
  `// Made by coord/console/embed.mjs from the built page.
#include "coord/console/assets.hpp"

namespace cresset::coord::console {
namespace {
constexpr asset built[] = {
${entries.join('\n')}
};
} // namespace

std::span<const asset> assets() noexcept { return built; }

} // namespace cresset::coord::console
`,
);

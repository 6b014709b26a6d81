// A rule is a line; a backslash at its end joins the next one to it. Lines that begin with '#' are
// comments; those that would be a rule without it are counted as disabled. Positions in a joined
// rule are found again by counting the line ends it was joined from.

#include "detect/rule/ruleset.hpp"

#include "detect/rule/text/lexer.hpp"
#include "detect/rule/text/text_cursor.hpp"

#include <algorithm>
#include <fstream>
#include <glob.h>
#include <sys/stat.h>

namespace cresset::detect::rule {

using text::errc;

namespace {

constexpr std::size_t refusal_limit = 100'000;

bool is_disabled_rule(std::string_view comment) {
  text::text_cursor in{comment};
  while (in.skip("#"))
    in.skip_blanks();
  const auto action = text::lower(in.word());
  for (const auto* known : {"alert", "drop", "pass", "reject", "config"})
    if (action == known)
      return in.peek() == ' ' && in.rest().find("sid") != std::string_view::npos;
  return false;
}

std::vector<std::string> matching_files(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> files;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
    files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  return files;
}

/// The file's bytes; nothing when it is no readable regular file or larger than `limit`.
std::optional<std::string> read_file(const std::string& path, std::size_t limit) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
      static_cast<std::size_t>(status.st_size) > limit)
    return std::nullopt;
  std::ifstream in{path, std::ios::binary};
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  if (!in.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
    return std::nullopt;
  return bytes;
}

} // namespace

void ruleset::load(const std::string& path_or_pattern) {
  auto files = matching_files(path_or_pattern);
  if (files.empty())
    files.push_back(path_or_pattern);
  for (const auto& file : files) {
    const auto bytes = read_file(file, file_limit_bytes);
    if (bytes)
      load_text(*bytes, file);
    else
      refusals_.push_back(
          {file, 0, 0, errc::unreadable, "the file cannot be read, or is larger than 256 MiB", 0});
  }
}

void ruleset::load_text(std::string_view text, const std::string& file) {
  text::text_cursor all{text};
  std::string joined;
  joined_at_.clear();
  std::uint32_t line = 0;
  std::uint32_t first_line = 1;
  while (!all.empty()) {
    const auto left = all.rest();
    const auto end = left.find('\n');
    auto part = left.substr(0, end);
    all = text::text_cursor{end == std::string_view::npos ? std::string_view{}
                                                          : left.substr(end + 1)};
    ++line;
    if (part.ends_with('\r'))
      part.remove_suffix(1);
    if (joined.empty() && joined_at_.empty())
      first_line = line;
    const bool continues = part.ends_with('\\') && !all.empty();
    if (continues)
      part.remove_suffix(1);
    if (joined_at_.empty() && !continues) {
      take(part, file, first_line);
      continue;
    }
    // Past the limit the rule is refused anyway: what is kept is just enough for the lexer to say
    // so.
    if (joined.size() <= text::rule_limit_bytes)
      joined += part;
    if (continues) {
      joined_at_.push_back(joined.size());
      continue;
    }
    take(joined, file, first_line);
    joined.clear();
    joined_at_.clear();
  }
}

void ruleset::take(std::string_view text, const std::string& file, std::uint32_t line) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos)
    return;
  if (text[begin] == '#') {
    disabled_ += is_disabled_rule(text.substr(begin)) ? 1 : 0;
    return;
  }
  auto read = reader_.parse(text);
  if (!read && read.error().why == errc::unmet_requirement) {
    ++skipped_;
    return;
  }
  if (!read) {
    refuse(read.error(), file, line, parser::find_sid(text));
    return;
  }
  if (rules_.size() == rule_limit) {
    refuse({errc::limit, "more than 1000000 rules", 0}, file, line, read->sid);
    return;
  }
  read->location = {file, line};
  keep(*std::move(read));
}

void ruleset::keep(rule made) {
  const auto id = std::uint64_t{made.gid} << 32 | made.sid;
  const auto [at, is_new] = by_id_.emplace(id, rules_.size());
  auto shared = std::make_shared<const rule>(std::move(made));
  if (is_new) {
    rules_.push_back(std::move(shared));
    return;
  }
  auto& kept = rules_[at->second];
  if (shared->rev > kept->rev)
    kept.swap(shared);
  refuse({errc::duplicate,
          "a rule with this gid and sid stands in " + kept->location.file + ":" +
              std::to_string(kept->location.line) + " with rev " + std::to_string(kept->rev),
          0},
         shared->location.file, shared->location.line, shared->sid);
}

void ruleset::refuse(const text::refusal& why, const std::string& file, std::uint32_t line,
                     std::uint32_t sid) {
  if (refusals_.size() >= refusal_limit) {
    ++refusals_not_kept_;
    return;
  }
  rule_refusal made{file, line, 0, why.why, why.reason, sid};
  const auto behind = std::upper_bound(joined_at_.begin(), joined_at_.end(), why.offset);
  made.line += static_cast<std::uint32_t>(behind - joined_at_.begin());
  const auto line_begins = behind == joined_at_.begin() ? 0 : *std::prev(behind);
  made.column = static_cast<std::uint32_t>(why.offset - line_begins + 1);
  refusals_.push_back(std::move(made));
}

} // namespace cresset::detect::rule

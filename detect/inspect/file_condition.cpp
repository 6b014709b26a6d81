#include "detect/inspect/file_condition.hpp"

#include "detect/proto/digest.hpp"
#include "detect/proto/file_meter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>
#include <vector>

namespace cresset::detect::inspect {
namespace {

using namespace rule::options;
using algorithm = hash_list::algorithm;

std::size_t digits_of(algorithm with) noexcept {
  switch (with) {
  case algorithm::md5: return 32;
  case algorithm::sha1: return 40;
  case algorithm::sha256: return 64;
  }
  return 64;
}

bool fold_equal(char a, char b) noexcept {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

bool contains(std::string_view text, std::string_view pattern) noexcept {
  return std::search(text.begin(), text.end(), pattern.begin(), pattern.end(), fold_equal) !=
         text.end();
}

bool has_extension(std::string_view name, std::string_view extension) noexcept {
  return name.size() > extension.size() && name[name.size() - extension.size() - 1] == '.' &&
         std::equal(extension.begin(), extension.end(),
                    name.end() - static_cast<std::ptrdiff_t>(extension.size()), fold_equal);
}

bool judge(const number_match& number, const proto::file_view& file) noexcept {
  if (file.content.complete || file.truncated)
    return number.test(file.content.total);
  // before its end only "larger than" can be said of a file
  return number.test.most == UINT64_MAX && !number.test.negated && number.test(file.content.total);
}

bool judge(const text_match& text, const file_facts& of) noexcept {
  if (text.field == "filemagic")
    return !of.magic.empty() && contains(of.magic, text.pattern) != text.negated;
  if (of.file.name.empty())
    return false;
  const bool found = text.field == "filename" ? contains(of.file.name, text.pattern)
                                              : has_extension(of.file.name, text.pattern);
  return found != text.negated;
}

} // namespace

expected<std::shared_ptr<const file_hashes>, std::string>
file_hashes::read(const std::filesystem::path& file, algorithm with) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  std::ifstream in{file, std::ios::binary};
  if (error || !in)
    return unexpected{fmt::format("the list {} cannot be read", file.string())};
  if (size > limit_bytes)
    return unexpected{
        fmt::format("the list {} is larger than {} bytes", file.string(), limit_bytes)};
  auto made = std::make_shared<file_hashes>();
  made->width_ = digits_of(with);
  std::vector<std::string> all;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty() || line.front() == '#' || line.front() == '\r')
      continue;
    auto digest = line.substr(0, made->width_);
    const bool is_hash = digest.size() == made->width_ &&
                         std::all_of(digest.begin(), digest.end(),
                                     [](unsigned char c) { return std::isxdigit(c) != 0; }) &&
                         (line.size() == made->width_ ||
                          std::isxdigit(static_cast<unsigned char>(line[made->width_])) == 0);
    if (!is_hash)
      return unexpected{fmt::format("{}:{}: no hash of {} digits begins this line", file.string(),
                                    number, made->width_)};
    std::transform(digest.begin(), digest.end(), digest.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    all.push_back(std::move(digest));
  }
  std::sort(all.begin(), all.end());
  for (const auto& one : all)
    made->digests_ += one;
  return std::shared_ptr<const file_hashes>{std::move(made)};
}

bool file_hashes::has(std::string_view digest) const noexcept {
  if (digest.size() != width_)
    return false;
  std::size_t low = 0, high = size();
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    const auto order = std::string_view{digests_}.substr(middle * width_, width_).compare(digest);
    if (order == 0)
      return true;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return false;
}

std::filesystem::path list_path(const std::string& written, const rule::rule& of) {
  const std::filesystem::path path{written};
  return path.is_absolute() ? path : std::filesystem::path{of.location.file}.parent_path() / path;
}

std::string digest_of(const proto::body_view& content, algorithm with) {
  if (content.meter != nullptr) {
    const auto& known = with == algorithm::md5    ? content.meter->md5()
                        : with == algorithm::sha1 ? content.meter->sha1()
                                                  : content.meter->sha256();
    if (!known.empty())
      return content.has_gap ? std::string{} : known;
  }
  if (!content.is_whole())
    return {};
  const auto bytes = as_text(content.bytes);
  return with == algorithm::md5    ? proto::md5_hex(bytes)
         : with == algorithm::sha1 ? proto::sha1_hex(bytes)
                                   : proto::sha256_hex(bytes);
}

bool holds(const ready_condition& c, const file_facts& of) {
  if (const auto* number = std::get_if<number_match>(c.source))
    return judge(*number, of.file);
  if (const auto* text = std::get_if<text_match>(c.source))
    return judge(*text, of);
  if (const auto* list = std::get_if<hash_list>(c.source)) {
    const auto digest = digest_of(of.file.content, list->with);
    return !digest.empty() && c.hashes->has(digest) != list->negated;
  }
  return false;
}

file_needs needs_of(std::span<const signature> rules) noexcept {
  file_needs needs;
  for (const auto& s : rules) {
    for (const auto& c : s.conditions) {
      if (const auto* list = std::get_if<hash_list>(c.source)) {
        needs.md5 |= list->with == algorithm::md5;
        needs.sha1 |= list->with == algorithm::sha1;
        needs.sha256 |= list->with == algorithm::sha256;
      }
      if (const auto* text = std::get_if<text_match>(c.source))
        needs.magic |= text->field == "filemagic";
    }
    for (const auto& one : s.sections)
      needs.magic |= one.source->name() == "file.magic";
    for (const auto& effect : s.source->effects)
      needs.storage |= std::holds_alternative<filestore>(effect);
  }
  return needs;
}

} // namespace cresset::detect::inspect

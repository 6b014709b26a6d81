#include "detect/inspect/buffer/transforms.hpp"

#include "detect/inspect/buffer/base64.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>

namespace cresset::detect::inspect::buffer {
namespace {

using bytes_out = std::vector<std::byte>;
using kind = rule::payload::transform::kind;

char letter(std::byte b) noexcept {
  return static_cast<char>(b);
}
std::byte lower(std::byte b) noexcept {
  return letter(b) >= 'A' && letter(b) <= 'Z' ? static_cast<std::byte>(letter(b) + 32) : b;
}
std::byte upper(std::byte b) noexcept {
  return letter(b) >= 'a' && letter(b) <= 'z' ? static_cast<std::byte>(letter(b) - 32) : b;
}
bool is_blank(std::byte b) noexcept {
  const char c = letter(b);
  return c == ' ' || (c >= '\t' && c <= '\r');
}

void each(byte_view in, bytes_out& out, std::byte (*change)(std::byte) noexcept) {
  out.resize(in.size());
  std::transform(in.begin(), in.end(), out.begin(), change);
}

void compress_whitespace(byte_view in, bytes_out& out) {
  bool blank = false;
  for (const auto b : in) {
    if (!is_blank(b))
      out.push_back(b);
    else if (!blank)
      out.push_back(b);
    blank = is_blank(b);
  }
}

/// Names of header lines in lower case; what is behind the colon stays.
void header_lowercase(byte_view in, bytes_out& out) {
  bool in_name = true;
  for (const auto b : in) {
    if (letter(b) == ':')
      in_name = false;
    else if (letter(b) == '\n')
      in_name = true;
    out.push_back(in_name ? lower(b) : b);
  }
}

/// Lines whose name begins with ':' are those HTTP/2 makes up.
void strip_pseudo_headers(byte_view in, bytes_out& out) {
  const auto text = as_text(in);
  for (std::size_t begin = 0; begin < text.size();) {
    auto end = text.find('\n', begin);
    end = end == std::string_view::npos ? text.size() : end + 1;
    if (text[begin] != ':')
      out.insert(out.end(), in.begin() + static_cast<std::ptrdiff_t>(begin),
                 in.begin() + static_cast<std::ptrdiff_t>(end));
    begin = end;
  }
}

int hex_digit(std::byte b) noexcept {
  const char c = letter(lower(b));
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void url_decode(byte_view in, bytes_out& out) {
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (letter(in[i]) == '+') {
      out.push_back(std::byte{' '});
    } else if (letter(in[i]) == '%' && i + 2 < in.size() && hex_digit(in[i + 1]) >= 0 &&
               hex_digit(in[i + 2]) >= 0) {
      out.push_back(static_cast<std::byte>(hex_digit(in[i + 1]) * 16 + hex_digit(in[i + 2])));
      i += 2;
    } else {
      out.push_back(in[i]);
    }
  }
}

bool digest(const EVP_MD* with, byte_view in, bytes_out& out) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
  unsigned size = 0;
  if (EVP_Digest(in.data(), in.size(), value.data(), &size, with, nullptr) != 1)
    return false;
  for (unsigned i = 0; i < size; ++i)
    out.push_back(static_cast<std::byte>(value[i]));
  return true;
}

/// Inflates with zlib's `window_bits`; what could be read before an error counts.
bool inflate_all(byte_view in, bytes_out& out, int window_bits, std::size_t limit) {
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK)
    return false;
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closer{&stream, inflateEnd};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
  stream.avail_in = static_cast<uInt>(in.size());
  std::array<std::byte, 16384> block;
  int state = Z_OK;
  while (state == Z_OK && out.size() < limit) {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = block.size();
    state = inflate(&stream, Z_NO_FLUSH);
    const auto made = std::min(block.size() - stream.avail_out, limit - out.size());
    out.insert(out.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(made));
    if (made == 0)
      break;
  }
  return !out.empty();
}

/// The group that pcrexform takes: the first, of the first match.
bool capture(const pattern::regex& with, byte_view in, bytes_out& out,
             pattern::regex_matcher& matcher) {
  if (!matcher.match(with, in))
    return false;
  const auto group = matcher.group(1);
  if (!group || group->begin == group->end)
    return false;
  const auto bytes = in.subspan(group->begin, group->end - group->begin);
  out.assign(bytes.begin(), bytes.end());
  return true;
}

/// What is left of a name: its registered part, or its public suffix.
bool name_part(const lists::public_suffixes& suffixes, bool registered, byte_view in,
               bytes_out& out) {
  bytes_out folded;
  each(in, folded, lower);
  const auto name = as_text(folded);
  const auto part = registered ? suffixes.registered(name) : suffixes.suffix(name);
  if (part.empty())
    return false;
  // the part is the end of the name, and keeps the case it came in
  const auto bytes = in.last(part.size());
  out.assign(bytes.begin(), bytes.end());
  return true;
}

} // namespace

bool transformer::apply(const step& one, byte_view in, bytes_out& out,
                        pattern::regex_matcher& matcher) {
  const auto& t = one.what;
  const auto limit = t.bytes == 0 ? limit_bytes : std::min<std::size_t>(t.bytes, limit_bytes);
  switch (t.what) {
  case kind::compress_whitespace: compress_whitespace(in, out); return true;
  case kind::strip_whitespace:
    std::copy_if(in.begin(), in.end(), std::back_inserter(out),
                 [](std::byte b) { return !is_blank(b); });
    return true;
  case kind::dotprefix:
    out.push_back(std::byte{'.'});
    out.insert(out.end(), in.begin(), in.end());
    return true;
  case kind::to_lowercase: each(in, out, lower); return true;
  case kind::to_uppercase: each(in, out, upper); return true;
  case kind::header_lowercase: header_lowercase(in, out); return true;
  case kind::strip_pseudo_headers: strip_pseudo_headers(in, out); return true;
  case kind::url_decode: url_decode(in, out); return true;
  case kind::to_md5: return digest(EVP_md5(), in, out);
  case kind::to_sha1: return digest(EVP_sha1(), in, out);
  case kind::to_sha256: return digest(EVP_sha256(), in, out);
  case kind::from_base64: {
    auto encoded = in.subspan(std::min<std::size_t>(t.offset, in.size()));
    if (t.bytes != 0 && encoded.size() > t.bytes)
      encoded = encoded.first(t.bytes);
    using written = rule::payload::transform::base64_mode;
    return decode_base64(encoded, out,
                         t.mode == written::strict    ? base64_mode::strict
                         : t.mode == written::rfc2045 ? base64_mode::skipping
                                                      : base64_mode::lenient);
  }
  case kind::exclusive_or:
    for (std::size_t i = 0; i < in.size(); ++i)
      out.push_back(in[i] ^ static_cast<std::byte>(t.argument[i % t.argument.size()]));
    return true;
  case kind::gunzip: return inflate_all(in, out, 15 + 16, limit);
  case kind::zlib_deflate: return inflate_all(in, out, 15, limit);
  case kind::domain:
  case kind::tld: return name_part(*one.suffixes, t.what == kind::domain, in, out);
  case kind::pcrexform: return capture(*one.regex, in, out, matcher);
  }
  return false;
}

expected<transformer, std::string>
transformer::make(const std::vector<rule::payload::transform>& list, lists::library& lists) {
  transformer made;
  for (const auto& t : list) {
    step one{.what = t, .regex = nullptr, .suffixes = nullptr};
    if (t.what == kind::pcrexform) {
      auto compiled = pattern::regex::compile(t.argument);
      if (!compiled)
        return unexpected{fmt::format("pcrexform does not compile: {}", compiled.error().reason)};
      if (compiled->captures() == 0)
        return unexpected{std::string{"pcrexform needs a group that captures"}};
      one.regex = std::make_shared<const pattern::regex>(*std::move(compiled));
    }
    if (t.what == kind::domain || t.what == kind::tld) {
      one.suffixes = lists.suffixes();
      if (one.suffixes == nullptr)
        return unexpected{fmt::format("the list of public suffixes is not there ({})",
                                      lists::public_suffixes::default_file)};
    }
    made.steps_.push_back(std::move(one));
  }
  return made;
}

bool transformer::apply(byte_view bytes, std::vector<std::byte>& out,
                        pattern::regex_matcher& matcher) const {
  out.assign(bytes.begin(), bytes.end());
  for (const auto& one : steps_) {
    bytes_out next;
    if (!apply(one, out, next, matcher))
      return false;
    out = std::move(next);
  }
  return true;
}

bool operator==(const transformer& a, const transformer& b) noexcept {
  return std::equal(a.steps_.begin(), a.steps_.end(), b.steps_.begin(), b.steps_.end(),
                    [](const auto& x, const auto& y) { return x.what == y.what; });
}

} // namespace cresset::detect::inspect::buffer

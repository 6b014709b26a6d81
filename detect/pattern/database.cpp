// Literals go to Hyperscan as regular expressions of escaped bytes (\xHH) through
// hs_compile_ext_multi. Its literal API is not used: hs_compile_lit_multi of 5.4.0 builds databases
// whose scans answer HS_UNKNOWN_ERROR and report nothing (intel/hyperscan #303, #353). The escaped
// form costs 5 to 20 % more compile time and scans as fast.

#include "detect/pattern/database.hpp"

#include <hs/hs.h>

#include <cstdlib>
#include <utility>

namespace cresset::detect::pattern {

namespace {

using kind = database_error::kind;

std::string escaped(const std::string& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 4);
  for (const char c : bytes) {
    const auto value = static_cast<unsigned char>(c);
    text += {'\\', 'x', digits[value >> 4], digits[value & 15]};
  }
  return text;
}

struct compile_error_releaser {
  void operator()(hs_compile_error_t* error) const noexcept { hs_free_compile_error(error); }
};

expected<void, database_error> check(std::span<const pattern> patterns) {
  if (patterns.empty())
    return unexpected{database_error{kind::no_patterns, "a database needs a pattern"}};
  for (const auto& one : patterns)
    if (one.bytes.empty() || one.bytes.size() > database::pattern_limit_bytes)
      return unexpected{database_error{kind::bad_pattern, "pattern " + std::to_string(one.id) +
                                                              " is empty or too long"}};
  return {};
}

unsigned flags_of(const pattern& one, const database_options& options) {
  // DOTALL and not UTF-8: every byte stands for itself.
  return HS_FLAG_DOTALL | (one.caseless ? unsigned{HS_FLAG_CASELESS} : 0U) |
         (options.single_match ? unsigned{HS_FLAG_SINGLEMATCH} : 0U);
}

} // namespace

void database::releaser::operator()(hs_database* handle) const noexcept {
  hs_free_database(handle);
}

expected<database, database_error> database::compile(std::span<const pattern> patterns,
                                                     database_options options) {
  if (auto fine = check(patterns); !fine)
    return unexpected{fine.error()};
  std::vector<std::string> texts;
  std::vector<const char*> expressions;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  texts.reserve(patterns.size());
  for (const auto& one : patterns) {
    texts.push_back(escaped(one.bytes));
    flags.push_back(flags_of(one, options));
    ids.push_back(one.id);
  }
  for (const auto& text : texts)
    expressions.push_back(text.c_str());
  hs_database_t* handle = nullptr;
  hs_compile_error_t* failure = nullptr;
  const auto result = hs_compile_ext_multi(expressions.data(), flags.data(), ids.data(), nullptr,
                                           static_cast<unsigned>(expressions.size()), HS_MODE_BLOCK,
                                           nullptr, &handle, &failure);
  const std::unique_ptr<hs_compile_error_t, compile_error_releaser> owned{failure};
  if (result != HS_SUCCESS)
    return unexpected{
        database_error{kind::compile, failure != nullptr && failure->message != nullptr
                                          ? failure->message
                                          : "hs_compile answered " + std::to_string(result)}};
  return database{handle};
}

expected<database, database_error> database::from_bytes(byte_view bytes) {
  hs_database_t* handle = nullptr;
  const auto result =
      hs_deserialize_database(reinterpret_cast<const char*>(bytes.data()), bytes.size(), &handle);
  if (result == HS_DB_VERSION_ERROR || result == HS_DB_PLATFORM_ERROR)
    return unexpected{database_error{
        kind::platform, "made by another version of the library or for another processor"}};
  if (result != HS_SUCCESS)
    return unexpected{database_error{kind::damaged,
                                     "hs_deserialize_database answered " + std::to_string(result)}};
  return database{handle};
}

expected<std::vector<std::byte>, database_error> database::serialise() const {
  char* bytes = nullptr;
  std::size_t size = 0;
  const auto result = hs_serialize_database(handle_.get(), &bytes, &size);
  // The library allocates with malloc unless told otherwise, and nobody tells it.
  const std::unique_ptr<char, decltype([](char* p) { std::free(p); })> owned{bytes};
  if (result != HS_SUCCESS)
    return unexpected{database_error{kind::serialise,
                                     "hs_serialize_database answered " + std::to_string(result)}};
  const auto* begin = reinterpret_cast<const std::byte*>(bytes);
  return std::vector<std::byte>{begin, begin + size};
}

std::size_t database::size_bytes() const noexcept {
  std::size_t size = 0;
  return hs_database_size(handle_.get(), &size) == HS_SUCCESS ? size : 0;
}

} // namespace cresset::detect::pattern

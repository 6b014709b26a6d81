// One file a database, named by a hash of all that it was made from:
//
//   magic(8) │ format(4) │ key(16) │ size of the database(8) │ hash of the database(16) │ database
//
// Numbers are little-endian. The key stands in the file as well, so that a renamed file is found
// out. A file is written under another name, flushed to disk and renamed: readers see the old one
// or the new one.

#include "detect/pattern/database_cache.hpp"

#include "capture/base/byte_reader.hpp"
#include "detect/pattern/library.hpp"

#include <hs/hs.h>
#include <xxhash.h>

#include <array>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace cresset::detect::pattern {

namespace {

constexpr std::uint64_t magic = 0x6264'2e74'7373'7263; // "crsst.db"
constexpr std::uint32_t format = 1;
constexpr std::size_t header_size = 52;
constexpr std::size_t file_limit_bytes = 1u << 30;

struct hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const hash128&, const hash128&) noexcept = default;
};

hash128 hash_of(byte_view bytes) {
  const auto made = XXH3_128bits(bytes.data(), bytes.size());
  return {made.low64, made.high64};
}

void append(std::vector<std::byte>& to, std::uint64_t number, unsigned size) {
  for (unsigned i = 0; i < size; ++i)
    to.push_back(static_cast<std::byte>(number >> 8 * i));
}
void append(std::vector<std::byte>& to, std::string_view text) {
  append(to, text.size(), 8);
  const auto bytes = as_bytes(text);
  to.insert(to.end(), bytes.begin(), bytes.end());
}

hash128 key_of(std::span<const pattern> patterns, const database_options& options) {
  std::vector<std::byte> all;
  append(all, library_version());
  hs_platform_info_t platform{};
  if (hs_populate_platform(&platform) == HS_SUCCESS) {
    append(all, platform.cpu_features, 8);
    append(all, platform.tune, 4);
  }
  append(all, options.single_match ? 1 : 0, 1);
  append(all, patterns.size(), 8);
  for (const auto& one : patterns) {
    append(all, one.bytes);
    append(all, one.id, 4);
    append(all, one.caseless ? 1 : 0, 1);
  }
  return hash_of(all);
}

std::string name_of(const hash128& key) {
  std::array<char, 40> name{};
  std::snprintf(name.data(), name.size(), "%016llx%016llx.hsdb",
                static_cast<unsigned long long>(key.high),
                static_cast<unsigned long long>(key.low));
  return name.data();
}

std::optional<std::vector<std::byte>> read_file(const std::filesystem::path& path) {
  std::error_code problem;
  const auto size = std::filesystem::file_size(path, problem);
  if (problem || size > file_limit_bytes)
    return std::nullopt;
  std::ifstream in{path, std::ios::binary};
  std::vector<std::byte> bytes(size);
  if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size)))
    return std::nullopt;
  return bytes;
}

/// The database inside a file, if the file is whole and of this key.
std::optional<byte_view> verified(byte_view file, const hash128& key) {
  byte_reader in{file};
  if (in.le64() != magic || in.le32() != format)
    return std::nullopt;
  const auto low = in.le64();
  const auto high = in.le64();
  const auto size = in.le64();
  const auto hash_low = in.le64();
  const auto hash_high = in.le64();
  if (!hash_high || hash128{*low, *high} != key || *size != in.remaining())
    return std::nullopt;
  if (hash_of(in.rest()) != hash128{*hash_low, *hash_high})
    return std::nullopt;
  return in.rest();
}

bool write_all(int file, byte_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written <= 0)
      return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0;
}

bool replace_file(const std::filesystem::path& path, const std::vector<std::byte>& bytes) {
  const auto other = path.string() + "." + std::to_string(::getpid()) + ".new";
  const int file = ::open(other.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (file < 0)
    return false;
  const bool written = write_all(file, bytes);
  const bool closed = ::close(file) == 0;
  std::error_code problem;
  if (written && closed)
    std::filesystem::rename(other, path, problem);
  if (!written || !closed || problem) {
    std::filesystem::remove(other, problem);
    return false;
  }
  return true;
}

} // namespace

database_cache::database_cache(std::filesystem::path folder) : folder_{std::move(folder)} {
  std::error_code problem;
  if (!folder_.empty())
    std::filesystem::create_directories(folder_, problem);
}

expected<database, database_error>
database_cache::load_or_compile(std::span<const pattern> patterns, database_options options) {
  if (folder_.empty())
    return database::compile(patterns, options);
  const auto key = key_of(patterns, options);
  const auto path = folder_ / name_of(key);
  if (const auto file = read_file(path)) {
    if (const auto inside = verified(*file, key))
      if (auto loaded = database::from_bytes(*inside)) {
        ++hits_;
        return loaded;
      }
    ++damaged_;
  }
  ++misses_;
  auto made = database::compile(patterns, options);
  if (made && !store(*made, path, key.low, key.high))
    ++write_failures_;
  return made;
}

bool database_cache::store(const database& made, const std::filesystem::path& path,
                           std::uint64_t key_low, std::uint64_t key_high) {
  const auto inside = made.serialise();
  if (!inside)
    return false;
  const auto hash = hash_of(*inside);
  std::vector<std::byte> file;
  file.reserve(header_size + inside->size());
  append(file, magic, 8);
  append(file, format, 4);
  append(file, key_low, 8);
  append(file, key_high, 8);
  append(file, inside->size(), 8);
  append(file, hash.low, 8);
  append(file, hash.high, 8);
  file.insert(file.end(), inside->begin(), inside->end());
  return replace_file(path, file);
}

} // namespace cresset::detect::pattern

#include "capture/base/key_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace cresset {
namespace {

constexpr std::size_t file_limit_bytes = 4096;
constexpr std::size_t key_bytes = 32;

unexpected<key_file_error> fault(std::string text) {
  return unexpected{key_file_error{std::move(text)}};
}

/// A file descriptor that closes itself.
class descriptor {
public:
  explicit descriptor(int fd) noexcept : fd_{fd} {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  int number() const noexcept { return fd_; }

private:
  int fd_;
};

/// Takes "name: value\n" off the front; nothing if the front is another line.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view name) {
  if (!text.starts_with(name) || text.substr(name.size(), 2) != ": ")
    return std::nullopt;
  const auto end = std::min(text.find('\n'), text.size());
  const auto value = text.substr(name.size() + 2, end - name.size() - 2);
  text.remove_prefix(std::min(end + 1, text.size()));
  return value;
}

constexpr std::string_view hex_digits = "0123456789abcdef";

std::string to_hex(byte_view bytes) {
  std::string text;
  for (const auto byte : bytes) {
    text += hex_digits[std::to_integer<unsigned>(byte) >> 4];
    text += hex_digits[std::to_integer<unsigned>(byte) & 0xfU];
  }
  return text;
}

std::optional<std::vector<std::byte>> key_from_hex(std::optional<std::string_view> text) {
  if (!text || text->size() != 2 * key_bytes ||
      text->find_first_not_of(hex_digits) != std::string_view::npos)
    return std::nullopt;
  std::vector<std::byte> bytes(key_bytes);
  for (std::size_t i = 0; i < key_bytes; ++i)
    bytes[i] = static_cast<std::byte>(hex_digits.find((*text)[2 * i]) << 4 |
                                      hex_digits.find((*text)[2 * i + 1]));
  return bytes;
}

std::string_view algorithm_of(key_kind kind) {
  return kind == key_kind::curve ? "curve25519" : "ed25519";
}

std::optional<key_kind> kind_from(std::string_view text) {
  for (const auto kind : {key_kind::curve, key_kind::sign, key_kind::identity})
    if (text == to_string(kind))
      return kind;
  return std::nullopt;
}

} // namespace

std::string_view to_string(key_kind kind) noexcept {
  switch (kind) {
  case key_kind::curve: return "curve";
  case key_kind::sign: return "sign";
  case key_kind::identity: return "identity";
  }
  return "";
}

bool is_key_name(std::string_view name) noexcept {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !name.empty() && name.size() <= 64 && is_word(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_word(c) || c == '.' || c == '_' || c == '-'; });
}

expected<key_file, key_file_error> parse_key_file(std::string_view text, std::string_view origin) {
  if (text.size() > file_limit_bytes)
    return fault(fmt::format("{}: too long for a key file", origin));
  if (take_line(text, "cresset-key") != "1")
    return fault(fmt::format(
        "{}: no key file (its first line must be 'cresset-key: 1'); 'cresset keys new' makes one",
        origin));
  key_file key;
  const auto kind = kind_from(take_line(text, "kind").value_or(""));
  if (!kind)
    return fault(fmt::format(
        "{}: its second line must be 'kind: curve', 'kind: sign' or 'kind: identity'", origin));
  key.kind = *kind;
  if (take_line(text, "algorithm") != algorithm_of(key.kind))
    return fault(
        fmt::format("{}: its third line must be 'algorithm: {}'", origin, algorithm_of(key.kind)));
  auto shown = key_from_hex(take_line(text, "public"));
  if (!shown)
    return fault(fmt::format(
        "{}: the public key is damaged (64 hex digits expected); restore the file", origin));
  key.public_key = *std::move(shown);
  if (text.empty())
    return key;
  auto secret = key_from_hex(take_line(text, "secret"));
  if (!secret || !text.empty())
    return fault(fmt::format(
        "{}: the secret key is damaged (64 hex digits and no more expected); restore the file",
        origin));
  key.secret_key = *std::move(secret);
  return key;
}

std::string print_key_file(const key_file& key, bool with_secret) {
  auto text = fmt::format("cresset-key: 1\nkind: {}\nalgorithm: {}\npublic: {}\n",
                          to_string(key.kind), algorithm_of(key.kind), to_hex(key.public_key));
  if (with_secret && key.has_secret())
    text += fmt::format("secret: {}\n", to_hex(key.secret_key));
  return text;
}

expected<key_file, key_file_error> load_key_file(const std::filesystem::path& path) {
  const descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat status {};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0)
    return fault(fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
  if (!S_ISREG(status.st_mode))
    return fault(fmt::format("{}: not a file", path.string()));
  std::string text(file_limit_bytes + 1, '\0');
  const auto size = ::read(file.number(), text.data(), text.size());
  if (size < 0)
    return fault(fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
  text.resize(static_cast<std::size_t>(size));
  auto key = parse_key_file(text, path.string());
  if (key)
    key->name = path.stem().string();
  if (key && key->has_secret() && (status.st_mode & 077) != 0)
    return fault(fmt::format("{}: holds a secret key and others may read it; run 'chmod 600 {}'",
                             path.string(), path.string()));
  return key;
}

expected<void, key_file_error> save_key_file(const std::filesystem::path& path, const key_file& key,
                                             bool with_secret) {
  const descriptor file{
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, with_secret ? 0600 : 0644)};
  if (file.number() < 0)
    return fault(
        errno == EEXIST
            ? fmt::format("{}: is there already; keys are never written over, choose another name",
                          path.string())
            : fmt::format("{}: cannot be made: {}", path.string(), std::strerror(errno)));
  const auto text = print_key_file(key, with_secret);
  if (::write(file.number(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::fsync(file.number()) != 0) {
    const int why = errno;
    ::unlink(path.c_str());
    return fault(fmt::format("{}: cannot be written: {}", path.string(), std::strerror(why)));
  }
  return {};
}

} // namespace cresset

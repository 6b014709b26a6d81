// A tar member is a header of 512 bytes, then its bytes, padded to 512 (POSIX.1-1988 ustar):
//
//   0 name(100)  100 mode(8)  108 uid(8)  116 gid(8)  124 size(12)  136 mtime(12)  148 checksum(8)
//   156 type '0'  257 "ustar\0" "00"
//
// Numbers are octal digits; a size that needs more than eleven of them has the first byte 0x80 and
// is big-endian behind it. A member of unknown size gets its header written again when it ends,
// which is why an archive is a file and no pipe. Two blocks of zeros end it.
#include "coord/backup/archive.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace cresset::coord::backup {
namespace {

constexpr std::size_t block = 512;
constexpr std::size_t name_limit = 99;
constexpr std::size_t member_limit = 100'000;
constexpr std::size_t sums_limit_bytes = member_limit * 170;
constexpr std::uint64_t largest_octal = 077777777777ULL;

using header = std::array<char, block>;

unexpected<archive_error> fail(std::string text) {
  return unexpected{archive_error{std::move(text)}};
}

class hasher {
public:
  hasher() { ::crypto_hash_sha256_init(&state_); }
  void add(byte_view bytes) {
    ::crypto_hash_sha256_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()),
                                bytes.size());
  }
  signed_::digest finish() {
    signed_::digest made;
    ::crypto_hash_sha256_final(&state_, reinterpret_cast<unsigned char*>(made.bytes.data()));
    return made;
  }

private:
  crypto_hash_sha256_state state_{};
};

void put_octal(header& h, std::size_t at, std::size_t width, std::uint64_t value) {
  const auto digits = fmt::format("{:0{}o}", value, width - 1);
  std::ranges::copy(digits, h.begin() + static_cast<std::ptrdiff_t>(at));
}

std::uint64_t sum_of(header h) {
  std::fill_n(h.begin() + 148, 8, ' ');
  std::uint64_t sum = 0;
  for (const char c : h)
    sum += static_cast<unsigned char>(c);
  return sum;
}

header header_of(std::string_view name, std::uint64_t size) {
  header h{};
  std::ranges::copy(name, h.begin());
  put_octal(h, 100, 8, 0600);
  put_octal(h, 108, 8, 0);
  put_octal(h, 116, 8, 0);
  if (size <= largest_octal) {
    put_octal(h, 124, 12, size);
  } else {
    h[124] = static_cast<char>(0x80);
    for (std::size_t i = 0; i < 8; ++i)
      h[135 - i] = static_cast<char>(size >> (8 * i) & 0xff);
  }
  put_octal(h, 136, 12, 0);
  h[156] = '0';
  std::ranges::copy(std::string_view{"ustar\0"
                                     "00",
                                     8},
                    h.begin() + 257);
  put_octal(h, 148, 7, sum_of(h));
  h[155] = ' ';
  return h;
}

std::optional<std::uint64_t> octal_of(std::string_view digits) {
  std::uint64_t value = 0;
  bool any = false;
  for (const char c : digits) {
    if (c == '\0' || c == ' ')
      break;
    if (c < '0' || c > '7')
      return std::nullopt;
    value = value << 3 | static_cast<std::uint64_t>(c - '0');
    any = true;
  }
  return any ? std::optional{value} : std::nullopt;
}

std::optional<std::uint64_t> size_of(const header& h) {
  if (static_cast<unsigned char>(h[124]) != 0x80)
    return octal_of({h.data() + 124, 12});
  std::uint64_t size = 0;
  for (std::size_t i = 128; i < 136; ++i)
    size = size << 8 | static_cast<unsigned char>(h[i]);
  return size;
}

/// What a header says; nothing when it is no header of ours.
std::optional<archive_member> member_of(const header& h) {
  const auto sum = octal_of({h.data() + 148, 8});
  const auto size = size_of(h);
  if (!sum || *sum != sum_of(h) || !size || (h[156] != '0' && h[156] != '\0'))
    return std::nullopt;
  archive_member member;
  member.name.assign(h.data(), ::strnlen(h.data(), 100));
  member.size = *size;
  if (!is_member_name(member.name))
    return std::nullopt;
  return member;
}

std::string line_of(const archive_member& member) {
  return fmt::format("{}  {}\n", member.hash.hex(), member.name);
}

} // namespace

bool is_member_name(std::string_view name) noexcept {
  if (name.empty() || name.size() > name_limit ||
      name.find_first_of(std::string_view{"\0\n\\", 3}) != std::string_view::npos)
    return false;
  while (!name.empty()) {
    const auto slash = name.find('/');
    const auto part = name.substr(0, slash);
    if (part.empty() || part == "." || part == "..")
      return false;
    if (slash == std::string_view::npos)
      return true;
    name.remove_prefix(slash + 1);
  }
  return false;
}

class archive_writer::state {
public:
  state(std::filesystem::path file, int fd) : file_{std::move(file)}, fd_{fd} {}
  ~state() {
    if (fd_ < 0)
      return;
    ::close(fd_);
    ::unlink(part().c_str());
  }

  outcome<void> begin(std::string_view name) {
    assert(!open_);
    if (!is_member_name(name) || members_.size() >= member_limit)
      return fail(fmt::format("backup: '{}' cannot be a member of an archive", name));
    open_ = true;
    members_.push_back({std::string{name}, 0, {}});
    content_ = {};
    header_at_ = written_;
    return put(bytes_of(header_of(name, 0)));
  }

  outcome<void> write(byte_view bytes) {
    assert(open_);
    content_.add(bytes);
    members_.back().size += bytes.size();
    return put(bytes);
  }

  outcome<void> end() {
    assert(open_);
    open_ = false;
    auto& member = members_.back();
    member.hash = content_.finish();
    const header zeros{};
    const auto rest = static_cast<std::size_t>((block - member.size % block) % block);
    if (auto done = put(byte_view{bytes_of(zeros)}.first(rest)); !done)
      return done;
    const auto real = header_of(member.name, member.size);
    if (::pwrite(fd_, real.data(), real.size(), static_cast<off_t>(header_at_)) !=
        static_cast<ssize_t>(real.size()))
      return failed();
    return {};
  }

  outcome<signed_::digest> finish() {
    std::string sums;
    for (const auto& member : members_)
      sums += line_of(member);
    if (auto done = begin(sums_name); !done)
      return unexpected{done.error()};
    if (auto done = write(as_bytes(sums)); !done)
      return unexpected{done.error()};
    if (auto done = end(); !done)
      return unexpected{done.error()};
    const header zeros{};
    for (int i = 0; i < 2; ++i)
      if (auto done = put(bytes_of(zeros)); !done)
        return unexpected{done.error()};
    if (::fsync(fd_) != 0 || ::close(std::exchange(fd_, -1)) != 0 ||
        ::rename(part().c_str(), file_.c_str()) != 0)
      return failed();
    sync_folder();
    return members_.back().hash;
  }

  std::string part() const { return file_.string() + ".part"; }

private:
  static byte_view bytes_of(const header& h) { return std::as_bytes(std::span{h}); }

  outcome<void> put(byte_view bytes) {
    while (!bytes.empty()) {
      const auto done = ::write(fd_, bytes.data(), bytes.size());
      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        return failed();
      written_ += static_cast<std::uint64_t>(done);
      bytes = bytes.subspan(static_cast<std::size_t>(done));
    }
    return {};
  }

  unexpected<archive_error> failed() const {
    return fail(
        fmt::format("backup: {} cannot be written: {}", file_.string(), std::strerror(errno)));
  }

  void sync_folder() const {
    const auto folder = file_.has_parent_path() ? file_.parent_path() : std::filesystem::path{"."};
    if (const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); fd >= 0) {
      (void)::fsync(fd);
      ::close(fd);
    }
  }

  const std::filesystem::path file_;
  int fd_;
  std::uint64_t written_ = 0;
  std::uint64_t header_at_ = 0;
  bool open_ = false;
  hasher content_;
  std::vector<archive_member> members_;
};

outcome<archive_writer> archive_writer::create(std::filesystem::path file) {
  if (std::error_code error; std::filesystem::exists(file, error))
    return fail(fmt::format("backup: {} is there already: name another file", file.string()));
  const auto part = file.string() + ".part";
  const int fd = ::open(part.c_str(), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return fail(fmt::format("backup: {} cannot be made: {}", part, std::strerror(errno)));
  (void)::fchmod(fd, 0600);
  return archive_writer{std::make_unique<state>(std::move(file), fd)};
}

archive_writer::archive_writer(std::unique_ptr<state> made) : state_{std::move(made)} {}
archive_writer::archive_writer(archive_writer&&) noexcept = default;
archive_writer::~archive_writer() = default;

outcome<void> archive_writer::add(std::string_view name, byte_view bytes) {
  if (auto done = begin(name); !done)
    return done;
  if (auto done = write(bytes); !done)
    return done;
  return end();
}

outcome<void> archive_writer::begin(std::string_view name) {
  return state_->begin(name);
}

outcome<void> archive_writer::write(byte_view bytes) {
  return state_->write(bytes);
}

outcome<void> archive_writer::end() {
  return state_->end();
}

outcome<signed_::digest> archive_writer::finish() {
  return state_->finish();
}

outcome<archive_reader> archive_reader::open(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return fail(fmt::format("backup: {} cannot be read: {}", file.string(), std::strerror(errno)));
  return archive_reader{fd};
}

archive_reader::archive_reader(archive_reader&& other) noexcept
    : fd_{std::exchange(other.fd_, -1)} {}

archive_reader::~archive_reader() {
  if (fd_ >= 0)
    ::close(fd_);
}

namespace {

bool read_whole(int fd, std::span<std::byte> into) {
  while (!into.empty()) {
    const auto got = ::read(fd, into.data(), into.size());
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

/// Reads a member's bytes with their padding and fills in its hash.
outcome<void> read_member(int fd, archive_member& member, const byte_sink& into) {
  std::vector<std::byte> piece(std::size_t{1} << 18);
  hasher content;
  for (auto left = member.size; left > 0;) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
    const auto part = std::span{piece}.first(size);
    if (!read_whole(fd, part))
      return fail(fmt::format("backup: the archive ends within {}", member.name));
    content.add(part);
    if (into)
      if (auto done = into(part); !done)
        return done;
    left -= size;
  }
  member.hash = content.finish();
  const auto rest = static_cast<std::size_t>((block - member.size % block) % block);
  if (!read_whole(fd, std::span{piece}.first(rest)))
    return fail(fmt::format("backup: the archive ends behind {}", member.name));
  return {};
}

} // namespace

outcome<std::vector<archive_member>>
archive_reader::read(const std::function<outcome<byte_sink>(const archive_member&)>& chosen) {
  std::vector<archive_member> members;
  std::string expected_sums;
  for (;;) {
    header h{};
    if (!read_whole(fd_, std::as_writable_bytes(std::span{h})))
      return fail("backup: the archive is cut: it has no SHA256SUMS");
    auto member = member_of(h);
    if (!member || members.size() > member_limit)
      return fail("backup: this is no archive of cresset-coord, or it is damaged");
    if (member->name == archive_writer::sums_name) {
      std::string sums;
      if (member->size > sums_limit_bytes)
        return fail("backup: SHA256SUMS is too long");
      const byte_sink keep = [&](byte_view piece) -> outcome<void> {
        sums += as_text(piece);
        return {};
      };
      if (auto done = read_member(fd_, *member, keep); !done)
        return unexpected{done.error()};
      if (sums != expected_sums)
        return fail("backup: the members do not have the hashes that SHA256SUMS names: the archive "
                    "was changed or is damaged");
      members.push_back(*std::move(member));
      return members;
    }
    auto sink = chosen ? chosen(*member) : outcome<byte_sink>{byte_sink{}};
    if (!sink)
      return unexpected{sink.error()};
    if (auto done = read_member(fd_, *member, *sink); !done)
      return unexpected{done.error()};
    expected_sums += line_of(*member);
    members.push_back(*std::move(member));
  }
}

} // namespace cresset::coord::backup

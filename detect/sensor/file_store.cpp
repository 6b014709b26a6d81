// A file comes in pieces while nobody knows yet whether a rule will want it, and its name, the
// digest, is known only at its end. So a file larger than its protocol retains is written to
// `tmp/PID.N` as it comes, and at its end renamed to its place or removed; a smaller one is written
// when it is wanted. Renaming within one file system is atomic: what lies at a digest's place is
// whole.
#include "detect/sensor/file_store.hpp"

#include "detect/sensor/settings.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>

namespace cresset::detect::sensor {
namespace {

constexpr std::size_t digest_digits = 64;

bool is_digest(const std::string& text) noexcept {
  return text.size() == digest_digits &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c); });
}

bool write_all(int file, byte_view bytes) noexcept {
  while (!bytes.empty()) {
    const auto done = ::write(file, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return false;
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return true;
}

} // namespace

class file_store::spool final : public proto::file_spool {
public:
  spool(file_store& of, std::filesystem::path at, int file) noexcept
      : of_{of}, at_{std::move(at)}, file_{file} {}
  ~spool() override {
    ::close(file_);
    if (!is_kept_)
      ::unlink(at_.c_str());
    --of_.open_;
  }
  void append(byte_view bytes) noexcept override {
    const auto room = of_.wanted_.limit_file_bytes - std::min(of_.wanted_.limit_file_bytes, size_);
    if (bytes.size() > room) {
      if (!is_cut_)
        ++of_.counters_.cut;
      is_cut_ = true;
      bytes = bytes.first(static_cast<std::size_t>(room));
    }
    size_ += bytes.size();
    is_broken_ = is_broken_ || !of_.may_write(bytes.size()) || !write_all(file_, bytes);
  }
  bool keep(const std::string& sha256) noexcept override {
    if (is_kept_)
      return true;
    if (is_broken_ || is_cut_ || !is_digest(sha256)) {
      ++of_.counters_.refused;
      return false;
    }
    try {
      is_kept_ = ::rename(at_.c_str(), of_.place_of(sha256).c_str()) == 0;
    } catch (const std::exception&) { // no memory for the path
      is_kept_ = false;
    }
    ++(is_kept_ ? of_.counters_.stored : of_.counters_.refused);
    return is_kept_;
  }

private:
  file_store& of_;
  std::filesystem::path at_;
  int file_;
  std::uint64_t size_ = 0;
  bool is_cut_ = false;
  bool is_broken_ = false;
  bool is_kept_ = false;
};

file_store::file_store(const file_store_settings& wanted) : wanted_{wanted} {
  std::error_code error;
  std::filesystem::create_directories(wanted_.folder / "tmp", error);
  for (unsigned i = 0; i < 256 && !error; ++i)
    std::filesystem::create_directory(wanted_.folder / fmt::format("{:02x}", i), error);
  if (error)
    throw configuration_error{
        fmt::format("setting file-store.dir: the folder {} cannot be made: {}",
                    wanted_.folder.string(), error.message())};
}

std::filesystem::path file_store::place_of(const std::string& sha256) const {
  return wanted_.folder / sha256.substr(0, 2) / sha256;
}

bool file_store::may_write(std::uint64_t bytes) noexcept {
  return written_bytes_.fetch_add(bytes) + bytes <= wanted_.limit_total_bytes;
}

std::unique_ptr<proto::file_spool> file_store::open() noexcept {
  try {
    if (open_.fetch_add(1) < wanted_.limit_open_files) {
      auto at = wanted_.folder / "tmp" / fmt::format("{}.{}", ::getpid(), ++next_);
      const int file =
          ::open(at.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
      if (file >= 0)
        return std::make_unique<spool>(*this, std::move(at), file);
    }
  } catch (const std::exception&) { // no memory: as if the disk refused
  }
  --open_;
  ++counters_.refused;
  return nullptr;
}

bool file_store::store(byte_view bytes, const std::string& sha256) noexcept {
  try {
    if (is_digest(sha256) && std::filesystem::exists(place_of(sha256)))
      return true; // the same bytes came before
  } catch (const std::exception&) {
    return false;
  }
  const auto made = open();
  if (!made)
    return false;
  made->append(bytes);
  return made->keep(sha256);
}

} // namespace cresset::detect::sensor

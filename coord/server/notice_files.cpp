#include "coord/server/notice_files.hpp"

#include "coord/signed/digest.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace cresset::coord::server {
namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::stringstream text;
  text << in.rdbuf();
  if (!in)
    throw std::runtime_error{fmt::format("notify: cannot read {}", file.string())};
  return text.str();
}

std::map<std::string, notify::language_files> read_folder(const std::filesystem::path& folder) {
  std::map<std::string, notify::language_files> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{folder, error}) {
    const auto name = entry.path().filename().string();
    if (!entry.is_directory() || name.size() != 2)
      continue;
    files[name] = {text_of(entry.path() / "instant.txt"), text_of(entry.path() / "digest.txt"),
                   text_of(entry.path() / "digest_item.txt"), text_of(entry.path() / "page.html"),
                   text_of(entry.path() / "words.txt")};
  }
  if (error)
    throw std::runtime_error{
        fmt::format("notify: cannot read {}: {}", folder.string(), error.message())};
  return files;
}

void make_key(const std::filesystem::path& file) {
  const auto hex = signed_::to_hex(notify::random_answer_key()) + "\n";
  const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (opened < 0 && errno == EEXIST)
    return;
  const bool written =
      opened >= 0 && ::write(opened, hex.data(), hex.size()) == static_cast<ssize_t>(hex.size()) &&
      ::fsync(opened) == 0;
  const int why = errno;
  if (opened >= 0)
    ::close(opened);
  if (!written)
    throw std::runtime_error{
        fmt::format("notify: cannot write {}: {}", file.string(), std::strerror(why))};
}

} // namespace

notify::letters read_letters(const std::filesystem::path& folder,
                             const std::string& default_language) {
  auto read = notify::letters::from(folder.empty() ? embedded_letters() : read_folder(folder),
                                    default_language);
  if (!read)
    throw std::runtime_error{fmt::format(
        "notify: {}: {}", folder.empty() ? "built-in letters" : folder.string(), read.error())};
  return *std::move(read);
}

notify::answer_key own_answer_key(const std::filesystem::path& state) {
  const auto file = state / "answer.key";
  make_key(file);
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0 || (about.st_mode & 077U) != 0)
    throw std::runtime_error{
        fmt::format("notify: {} may be read by others than its owner: chmod 600", file.string())};
  auto hex = text_of(file);
  if (hex.ends_with('\n'))
    hex.pop_back();
  notify::answer_key key{};
  if (!signed_::from_hex(hex, key))
    throw std::runtime_error{fmt::format("notify: {} is no key of 64 hex digits: move it away, and "
                                         "links sent before answer to nothing",
                                         file.string())};
  return key;
}

} // namespace cresset::coord::server

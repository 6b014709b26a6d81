#include "coord/backup/child.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace cresset::coord::backup {
namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 18;
constexpr std::size_t last_words_bytes = 600;

struct started {
  int pid = -1;
  int ours = -1;   // the pipe's end on our side
  int errors = -1; // what it says on standard error
};

unexpected<archive_error> fail(const std::string& name, const char* what) {
  return unexpected{archive_error{fmt::format("{}: {}: {}", name, what, std::strerror(errno))}};
}

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (const auto& word : words)
    pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

/// `fed`: its input is ours; else its output is.
outcome<started> start(const child_command& command, bool fed) {
  auto environment = command.environment;
  for (char** one = environ; *one != nullptr; ++one)
    environment.emplace_back(*one);
  const auto words = pointers_to(command.words);
  const auto surroundings = pointers_to(environment);
  started child;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return fail(command.words.front(), "no pipe");
  child.errors = ::memfd_create("errors", MFD_CLOEXEC);
  child.pid = ::fork();
  if (child.pid == 0) {
    const int null = ::open("/dev/null", fed ? O_WRONLY : O_RDONLY);
    ::dup2(fed ? ends[0] : null, 0);
    ::dup2(fed ? null : ends[1], 1);
    ::dup2(child.errors, 2);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execve(words[0], words.data(), surroundings.data());
    ::_exit(127);
  }
  ::close(ends[fed ? 0 : 1]);
  child.ours = ends[fed ? 1 : 0];
  if (child.pid > 0)
    return child;
  ::close(child.ours);
  ::close(child.errors);
  return fail(command.words.front(), "cannot be started");
}

std::string last_words(int errors) {
  std::string text(last_words_bytes, '\0');
  const auto size = ::lseek(errors, 0, SEEK_END);
  const auto from =
      size > static_cast<off_t>(text.size()) ? size - static_cast<off_t>(text.size()) : 0;
  const auto got = ::pread(errors, text.data(), text.size(), from);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  for (char& c : text)
    if (c == '\n')
      c = ' ';
  return text;
}

outcome<void> judge(const std::string& name, int pid, int errors) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  auto said = last_words(errors);
  ::close(errors);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return {};
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
    said = "it is not installed: install postgresql-client-15";
  return unexpected{archive_error{fmt::format("{} failed: {}", name, said)}};
}

} // namespace

outcome<void> read_from(const child_command& command, const byte_sink& sink) {
  const auto child = start(command, false);
  if (!child)
    return unexpected{child.error()};
  std::vector<std::byte> piece(piece_bytes);
  outcome<void> sunk;
  for (;;) {
    const auto got = ::read(child->ours, piece.data(), piece.size());
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      break;
    sunk = sink(byte_view{piece}.first(static_cast<std::size_t>(got)));
    if (!sunk)
      break; // its next write meets a closed pipe and ends it
  }
  ::close(child->ours);
  auto ended =
      judge(std::filesystem::path{command.words.front()}.filename(), child->pid, child->errors);
  return sunk ? ended : sunk;
}

outcome<fed_child> fed_child::start(const child_command& command) {
  const auto begun = backup::start(command, true);
  if (!begun)
    return unexpected{begun.error()};
  fed_child child;
  child.name_ = std::filesystem::path{command.words.front()}.filename();
  child.pid_ = begun->pid;
  child.in_ = begun->ours;
  child.errors_ = begun->errors;
  return child;
}

fed_child::fed_child(fed_child&& other) noexcept
    : name_{std::move(other.name_)}, pid_{std::exchange(other.pid_, -1)},
      in_{std::exchange(other.in_, -1)}, errors_{std::exchange(other.errors_, -1)} {}

fed_child::~fed_child() {
  if (in_ >= 0)
    ::close(in_);
  if (pid_ < 0)
    return;
  ::kill(pid_, SIGTERM);
  (void)judge(name_, pid_, errors_);
}

outcome<void> fed_child::write(byte_view bytes) {
  while (!bytes.empty()) {
    const auto done = ::write(in_, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0) {
      auto ended = finish(); // it says why better than the pipe does
      if (!ended)
        return ended;
      return fail(name_, "does not take its input");
    }
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return {};
}

outcome<void> fed_child::finish() {
  if (in_ >= 0)
    ::close(std::exchange(in_, -1));
  if (pid_ < 0)
    return unexpected{archive_error{name_ + " has ended"}};
  return judge(name_, std::exchange(pid_, -1), std::exchange(errors_, -1));
}

} // namespace cresset::coord::backup

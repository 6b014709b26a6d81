#include "capture/base/log.hpp"
#include "capture/base/log_format.hpp"
#include "coord/server/app.hpp"
#include "coord/server/checkpoints.hpp"
#include "coord/server/commands.hpp"
#include "coord/server/config.hpp"
#include "coord/server/privileges.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <csignal>
#include <cstdio>

using namespace cresset::coord::server;

namespace {

// Before any thread: all inherit the mask, and the signals wait for `sigwait`.
sigset_t block_end_signals() {
  sigset_t end;
  ::sigemptyset(&end);
  ::sigaddset(&end, SIGTERM);
  ::sigaddset(&end, SIGINT);
  ::sigprocmask(SIG_BLOCK, &end, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return end;
}

int run(const config& settings) {
  const auto end = block_end_signals();
  if (settings.log_json)
    cresset::set_log_format(cresset::log_format::json);
  prepare_state_folder(settings.state);
  const app server{settings};
  std::error_code ignored;
  std::filesystem::create_directories(settings.state / published_folder, ignored);
  for (const auto& folder : {settings.partners, settings.state / published_folder})
    hand_over(folder, settings.user);
  drop_privileges(settings.user);
  fmt::print("{}\n", server.readiness());
  std::fflush(stdout);
  int signal = 0;
  ::sigwait(&end, &signal);
  cresset::log(cresset::log_level::info, "server", "ends on {}",
               signal == SIGTERM ? "SIGTERM" : "SIGINT");
  return 0;
}

} // namespace

int main(int count, char** words) {
  try {
    if (::sodium_init() < 0)
      throw std::runtime_error{"libsodium does not start"};
    const auto line = read_command_line({words + 1, words + count});
    if (line.help) {
      fmt::print("{}", usage());
      return 0;
    }
    if (line.command.empty() || (line.command.size() == 1 && line.command.front() == "run"))
      return run(line.settings);
    return run_command(line);
  } catch (const config_error& e) {
    fmt::print(stderr, "cresset-coord: {}\n", e.what());
    return 2;
  } catch (const std::exception& e) {
    fmt::print(stderr, "cresset-coord: {}\n", e.what());
    return 1;
  }
}

#include "coord/server/operation_commands.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/federation/ceremony.hpp"
#include "coord/journal/export_line.hpp"
#include "coord/server/checkpoints.hpp"
#include "coord/server/database.hpp"
#include "coord/server/metrics.hpp"
#include "coord/server/sharing.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netdb.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cresset::coord::server {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t comfortable_bytes = std::uint64_t{1} << 30;
constexpr std::int64_t comfortable_lag = 50'000;
constexpr std::chrono::minutes sensor_silence{15};
constexpr std::chrono::seconds clock_tolerance{5};

template <typename Result>
auto value_of(Result&& result) {
  if (!result)
    throw std::runtime_error{result.error().text};
  return *std::move(result);
}

/// Prints findings and remembers the worst.
class report {
public:
  void fine(std::string_view check, std::string_view found) { say(check, "ok", found, {}); }
  void warn(std::string_view check, std::string_view found, std::string_view remedy) {
    say(check, "warning", found, remedy);
  }
  void fault(std::string_view check, std::string_view found, std::string_view remedy) {
    say(check, "fault", found, remedy);
    is_sound_ = false;
  }
  bool is_sound() const noexcept { return is_sound_; }

private:
  static void say(std::string_view check, std::string_view state, std::string_view found,
                  std::string_view remedy) {
    std::string line;
    json_writer json{line};
    json.begin_object()
        .member("check", check)
        .member("state", state)
        .member("found", found)
        .member("remedy", remedy)
        .end_object();
    fmt::print("{}\n", line);
  }
  bool is_sound_ = true;
};

void examine_secret(report& to, const fs::path& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0)
    return;
  if ((about.st_mode & 077) != 0)
    to.fault(
        "secrets",
        fmt::format("{} can be read by others (mode {:o})", file.string(), about.st_mode & 0777),
        fmt::format("chmod 600 {}; if others had access, make a new key", file.string()));
  else
    to.fine("secrets", fmt::format("{} is its owner's alone", file.string()));
}

void examine_files(report& to, const config& settings) {
  std::error_code error;
  if (!fs::is_directory(settings.state, error))
    to.fault("state", fmt::format("{} is not there", settings.state.string()),
             "start cresset-coord once, or name the right folder with --state");
  for (const auto* name : {"ingest.key", "https.key"})
    examine_secret(to, settings.state / name);
  if (settings.identity.empty())
    return;
  for (const auto* name : {signing_file, transport_file})
    examine_secret(to, settings.identity / name);
  if (fs::exists(settings.identity / identity_file, error))
    to.warn("identity", "the offline identity key lies on this machine",
            fmt::format("move {} to a safe place off this machine",
                        (settings.identity / identity_file).string()));
  if (settings.policy.empty())
    to.fault("policy", "a server with an identity has no policy", "give policy: FILE");
}

void examine_space(report& to, const config& settings) {
  std::error_code error;
  const auto space = fs::space(settings.state, error);
  if (error)
    return;
  const auto text =
      fmt::format("{} MiB are free where {} lies", space.available >> 20, settings.state.string());
  if (space.available < least_free_bytes)
    to.fault("disk", text, "free space: the server takes no alerts until there is some");
  else if (space.available < comfortable_bytes)
    to.warn("disk", text, "free space, or shorten retention.alerts and retention.evidence");
  else
    to.fine("disk", text);
}

/// Whether something listens there already.
bool is_taken(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host == "*" ? nullptr : host.c_str(), port.c_str(), &hints, &found) != 0)
    return false;
  const int probe = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  (void)::setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const bool taken =
      probe >= 0 && ::bind(probe, found->ai_addr, found->ai_addrlen) != 0 && errno == EADDRINUSE;
  ::freeaddrinfo(found);
  if (probe >= 0)
    ::close(probe);
  return taken;
}

void examine_port(report& to, std::string_view key, std::string endpoint, bool running) {
  if (endpoint.starts_with("tcp://"))
    endpoint.erase(0, 6);
  const auto colon = endpoint.rfind(':');
  if (colon == std::string::npos)
    return;
  const auto port = endpoint.substr(colon + 1);
  if (port == "0" || port == "*")
    return;
  const bool taken = is_taken(endpoint.substr(0, colon), port);
  if (!running && taken)
    to.fault("ports", fmt::format("{}: another program listens on {}", key, endpoint),
             "stop that program, or choose another port");
  else if (running && !taken)
    to.warn("ports",
            fmt::format("{}: nobody listens on {}, though a server runs here", key, endpoint),
            "does the server run with this configuration?");
  else
    to.fine("ports", fmt::format("{}: {}", key, endpoint));
}

bool server_runs(const config& settings) {
  const int lock = ::open((settings.state / "postgres/lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0)
    return false;
  const bool held = ::flock(lock, LOCK_EX | LOCK_NB) != 0;
  ::close(lock);
  return held;
}

void examine_sensors(report& to, store::store& store) {
  const auto sensors = store.sensors.all();
  if (!sensors)
    return;
  for (const auto& one : *sensors) {
    if (one.disabled)
      continue;
    const auto& name = one.sensor.name;
    if (!one.last_stored)
      to.warn(
          "sensors", fmt::format("{} has never sent an alert", name),
          "look at the sensor's log: is its key the registered one, does it reach this server?");
    else if (now() - *one.last_stored > sensor_silence)
      to.warn("sensors",
              fmt::format("{} has sent nothing since {}", name, to_rfc3339_ms(*one.last_stored)),
              "look whether the sensor runs and sees traffic");
    if (one.dropped > 0)
      to.warn("sensors", fmt::format("{} has declared {} alerts lost", name, one.dropped),
              "give its spool more space (coordinator.spool-limit), or a better line");
  }
  if (sensors->empty())
    to.warn("sensors", "no sensor is registered", "cresset-coord sensor add --name N --key FILE");
}

void examine_partners(report& to, const config& settings, store::store& store) {
  const auto pins = federation::load_pins(settings.partners);
  if (!pins)
    return to.fault("partners", pins.error().sentence, "restore the pin from its record");
  store::federation_store streams{store.pool()};
  for (const auto& pin : *pins) {
    const auto state = streams.outgoing(pin.id());
    if (state && state->held)
      to.warn("partners", fmt::format("the stream to {} is held after a restore", pin.name()),
              "it goes on when the partner's server was heard: is its link up?");
    if (const auto alarms = streams.alarms(pin.id()); alarms && *alarms > 0)
      to.warn("partners", fmt::format("{} alarms over the stream of {}", *alarms, pin.name()),
              "read them on the partners' page and speak with the partner");
  }
  to.fine("partners", fmt::format("{} pinned", pins->size()));
}

void examine_database(report& to, const config& settings) {
  const auto data = borrow_database(settings);
  store::operation::operation_store operation{data.store->pool()};
  const auto durable = value_of(operation.settings());
  if (durable.holds())
    to.fine("database", "answers; fsync, synchronous_commit and full_page_writes are on");
  else
    to.fault("database", "fsync, synchronous_commit or full_page_writes is off",
             "switch them on in postgresql.conf: what is acknowledged must be on the disk");
  const auto read = value_of(operation.how_far());
  const auto lag = read.group_changes - read.correlated;
  if (lag > comfortable_lag)
    to.warn("correlator", fmt::format("{} changes behind", lag),
            "is the server running? its log names what holds the correlator up");
  else
    to.fine("correlator", fmt::format("{} changes behind", lag));
  const auto skew = value_of(operation.clock()) - now();
  if (skew > clock_tolerance || skew < -clock_tolerance)
    to.fault("clock",
             fmt::format("the database's clock differs by {} s from this machine's",
                         std::chrono::floor<std::chrono::seconds>(skew).count()),
             "set both by NTP");
  examine_sensors(to, *data.store);
  examine_partners(to, settings, *data.store);
}

} // namespace

int export_journal(const command_line& line) {
  const auto data = borrow_database(line.settings);
  store::operation::operation_store operation{data.store->pool()};
  const auto read = operation.read_journal(
      [](const journal::entry& one) { fmt::print("{}\n", journal::export_line(one)); });
  if (!read)
    throw std::runtime_error{read.error().text};
  return 0;
}

int publish_journal(const command_line& line) {
  const auto data = borrow_database(line.settings);
  store::operation::operation_store operation{data.store->pool()};
  const auto end = value_of(operation.journal_end());
  if (!end)
    throw std::runtime_error{"the journal has no entry yet"};
  if (!publish_checkpoint(line.settings.state, *end, now()))
    throw std::runtime_error{fmt::format("cannot write {}: {}",
                                         (line.settings.state / checkpoints_file).string(),
                                         std::strerror(errno))};
  fmt::print("{}\n", end->to_string());
  return 0;
}

int examine_server(const command_line& line) {
  const auto& settings = line.settings;
  report to;
  const bool running = server_runs(settings);
  to.fine("server", running ? "runs" : "does not run");
  examine_files(to, settings);
  examine_space(to, settings);
  examine_port(to, "ingest", settings.ingest, running);
  examine_port(to, "https", fmt::format("{}:{}", settings.https_address, settings.https_port),
               running);
  examine_port(to, "federation", settings.federation, running);
  try {
    std::error_code error;
    if (!settings.database.empty() || fs::exists(settings.state / "postgres/data", error))
      examine_database(to, settings);
    else
      to.warn("database", "the private database was never made", "start cresset-coord once");
  } catch (const std::exception& e) {
    to.fault(
        "database", e.what(),
        "read postgres.log in the state folder's postgres; is the disk full, does the user fit?");
  }
  return to.is_sound() ? 0 : 1;
}

} // namespace cresset::coord::server

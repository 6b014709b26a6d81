#pragma once

#include "coord/delivery/mail_sender.hpp"
#include "coord/retention/retention_policy.hpp"

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::server {

/// A value that cannot be used: one line that names the key and the remedy. Ends in main with exit
/// code 2.
class config_error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What the server runs with. Each member has one key, the same in the file (`key: value`, groups
/// by dots), in
/// `--set key=value` and as `--key value`; later ones win, the command line over the file.
struct config {
  std::filesystem::path state = "/var/lib/cresset-coord";
  std::string database;
  std::string user = "nobody";
  std::string ingest = "tcp://127.0.0.1:7431";
  std::string https_address = "127.0.0.1";
  std::uint16_t https_port = 8443;
  std::string federation;            ///< "tcp://ADDR:PORT"; empty: this server only dials
  std::filesystem::path identity;    ///< folder of our CIRT's keys and record; empty: no federation
  std::filesystem::path partners;    ///< folder of pinned partners; default: `state`/partners
  std::filesystem::path policy;      ///< default: nothing leaves
  std::filesystem::path correlation; ///< default: the rules that were compiled in
  std::filesystem::path deadlines;   ///< first table of deadlines; default: the one compiled in
  std::filesystem::path rsit_map;    ///< default: the map that was compiled in
  std::chrono::seconds hold{10};     ///< so long an outside effect waits before it leaves
  std::filesystem::path first_login;
  delivery::mail_relay mail;
  std::filesystem::path webhook_secret; ///< file whose first line signs webhooks; empty: unsigned
  bool log_json = false;                ///< one JSON object a line
  std::string public_url;               ///< of this server for owners; default: `https`
  std::filesystem::path letters;        ///< folder of letters to owners; default: compiled in
  std::string notify_language = "ru";   ///< of owners whose language nobody knows
  int digest_hour = 6;                  ///< UTC
  std::chrono::days answer_days{30};    ///< that an answer link holds
  retention::retention_policy keep;
  bool first_password_changes = false; ///< the first administrator's password opens only its change
  std::filesystem::path
      client_authority; ///< whose client certificates are believed; empty: nobody's
  bool client_certificate_required = false;
  std::string two_persons; ///< acts that a second person approves, "METHOD /pattern, …"
};

/// The words of the command line: "run", "sensor add", … with its own options left to the command.
struct command_line {
  std::vector<std::string> command; ///< words before the first option
  config settings;
  bool help = false;
  /// Options that are no keys of the configuration: "--name" "--key" of `sensor add` …
  std::vector<std::pair<std::string, std::string>> own;

  /// The value of an own option; empty when it was not given.
  std::string option(std::string_view name) const;
};

/// Reads arguments (without the program's name) and the file that `--config` names. Throws
/// `config_error`.
command_line read_command_line(const std::vector<std::string>& arguments);

/// What --help prints: every key with its meaning.
std::string usage();

} // namespace cresset::coord::server

#include "coord/server/config.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace cresset::coord::server {
namespace {

[[noreturn]] void fail(std::string text) {
  throw config_error{std::move(text)};
}

template <typename Number>
Number number(std::string_view key, std::string_view text, Number least, Number most) {
  Number value{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || value < least ||
      value > most)
    fail(fmt::format("{}: '{}' is no number from {} to {}", key, text, least, most));
  return value;
}

/// "tcp://ADDR:PORT", where ADDR may be `*` and PORT `*` or 0 for any free one.
std::string endpoint(std::string_view key, const std::string& text) {
  const auto colon = text.rfind(':');
  if (!text.starts_with("tcp://") || colon < 6 || colon + 1 >= text.size())
    fail(fmt::format("{}: '{}' is no address: write tcp://ADDRESS:PORT", key, text));
  if (const auto port = text.substr(colon + 1); port != "*")
    number<unsigned>(key, port, 0, 65535);
  return text;
}

void https(config& c, std::string_view key, const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0)
    fail(fmt::format("{}: '{}' is no address: write ADDRESS:PORT, port 0 for any free one", key,
                     text));
  c.https_address = text.substr(0, colon);
  if (c.https_address.starts_with('[') && c.https_address.ends_with(']'))
    c.https_address = c.https_address.substr(1, c.https_address.size() - 2);
  c.https_port = number<std::uint16_t>(key, std::string_view{text}.substr(colon + 1), 0, 65535);
}

/// False for the first word, true for the second.
bool one_of(std::string_view key, const std::string& text, std::string_view no,
            std::string_view yes) {
  if (text != no && text != yes)
    fail(fmt::format("{}: '{}' is neither {} nor {}", key, text, no, yes));
  return text == yes;
}

std::chrono::days days(std::string_view key, const std::string& text) {
  return std::chrono::days{number<int>(key, text, 1, 3650)};
}

std::string relay(std::string_view key, const std::string& text) {
  if (!text.starts_with("smtp://") && !text.starts_with("smtps://"))
    fail(fmt::format("{}: '{}' is no relay: write smtp://HOST:PORT or smtps://HOST:PORT", key,
                     text));
  return text;
}

std::string public_url(std::string_view key, std::string text) {
  while (text.ends_with('/'))
    text.pop_back();
  if (!text.starts_with("https://") || text.size() < 10 ||
      text.find_first_of(" \t\r\n\"<>") != std::string::npos)
    fail(fmt::format("{}: '{}' is no address: write https://NAME or https://NAME:PORT", key, text));
  return text;
}

std::string address(std::string_view key, const std::string& text) {
  if (!delivery::is_mail_address(text))
    fail(fmt::format("{}: '{}' is no mail address", key, text));
  return text;
}

bool required(std::string_view key, const std::string& text) {
  if (text != "required" && text != "optional")
    fail(fmt::format("{}: write required or optional", key));
  return text == "required";
}

struct setting {
  std::string_view key;
  std::string_view value;
  std::string_view meaning;
  void (*set)(config&, std::string_view key, const std::string& value);
};

constexpr auto settings = std::to_array<setting>({
    {"state", "DIR", "the server's folder: database, keys, certificate (/var/lib/cresset-coord)",
     [](config& c, std::string_view, const std::string& v) { c.state = v; }},
    {"database", "URL",
     "a PostgreSQL 15 database; without it a private one runs in the state folder",
     [](config& c, std::string_view, const std::string& v) { c.database = v; }},
    {"user", "NAME",
     "whom the private database runs as when the server is started by root (nobody)",
     [](config& c, std::string_view, const std::string& v) { c.user = v; }},
    {"ingest", "tcp://ADDR:PORT", "where sensors connect (tcp://127.0.0.1:7431)",
     [](config& c, std::string_view k, const std::string& v) { c.ingest = endpoint(k, v); }},
    {"https", "ADDR:PORT", "console and API (127.0.0.1:8443)",
     [](config& c, std::string_view k, const std::string& v) { https(c, k, v); }},
    {"federation", "tcp://ADDR:PORT", "where partners connect; without it this server only dials",
     [](config& c, std::string_view k, const std::string& v) { c.federation = endpoint(k, v); }},
    {"identity", "DIR", "our CIRT's keys and key record; without it nothing is shared",
     [](config& c, std::string_view, const std::string& v) { c.identity = v; }},
    {"partners", "DIR", "pinned partners (STATE/partners)",
     [](config& c, std::string_view, const std::string& v) { c.partners = v; }},
    {"policy", "FILE", "what may be released to whom; without it nothing is",
     [](config& c, std::string_view, const std::string& v) { c.policy = v; }},
    {"correlation", "FILE", "rules of correlation; without it those that were compiled in",
     [](config& c, std::string_view, const std::string& v) { c.correlation = v; }},
    {"rsit-map", "FILE", "which RSIT class a classtype means; without it the map compiled in",
     [](config& c, std::string_view, const std::string& v) { c.rsit_map = v; }},
    {"hold", "SECONDS", "so long a release waits, and can be undone, before it leaves (10)",
     [](config& c, std::string_view k, const std::string& v) {
       c.hold = std::chrono::seconds{number<int>(k, v, 0, 3600)};
     }},
    {"first-login", "FILE",
     "where the first login is written (mode 0600) instead of standard output",
     [](config& c, std::string_view, const std::string& v) { c.first_login = v; }},
    {"deadlines", "FILE",
     "the first table of deadlines; without it the one that was compiled in; later ones go by the "
     "API",
     [](config& c, std::string_view, const std::string& v) { c.deadlines = v; }},
    {"mail.relay", "URL", "smtp://HOST:PORT or smtps://HOST:PORT; without it no mail is sent",
     [](config& c, std::string_view k, const std::string& v) { c.mail.url = relay(k, v); }},
    {"mail.from", "ADDRESS", "the sender of our mail",
     [](config& c, std::string_view k, const std::string& v) { c.mail.from = address(k, v); }},
    {"mail.user", "NAME", "our name at the relay, when it asks for one",
     [](config& c, std::string_view, const std::string& v) { c.mail.user = v; }},
    {"mail.password", "FILE", "whose first line is the password at the relay",
     [](config& c, std::string_view, const std::string& v) { c.mail.password_file = v; }},
    {"mail.tls", "required|optional", "whether smtp:// goes on without STARTTLS (required)",
     [](config& c, std::string_view k, const std::string& v) {
       c.mail.require_tls = required(k, v);
     }},
    {"mail.ca", "FILE", "authorities for the relay and webhooks instead of the system's",
     [](config& c, std::string_view, const std::string& v) { c.mail.ca_file = v; }},
    {"webhook.secret", "FILE", "whose first line signs webhooks (HMAC-SHA-256)",
     [](config& c, std::string_view, const std::string& v) { c.webhook_secret = v; }},
    {"log", "text|json", "how the log is written; json: one object a line (text)",
     [](config& c, std::string_view k, const std::string& v) {
       if (v != "text" && v != "json")
         fail(fmt::format("{}: '{}' is no form of the log: write text or json", k, v));
       c.log_json = v == "json";
     }},
    {"public-url", "https://NAME[:PORT]",
     "this server as owners reach it: what answer links begin with (the address of --https)",
     [](config& c, std::string_view k, const std::string& v) { c.public_url = public_url(k, v); }},
    {"notify.letters", "DIR", "letters to owners by language; without it those compiled in",
     [](config& c, std::string_view, const std::string& v) { c.letters = v; }},
    {"notify.language", "XX", "for owners whose language nobody knows (ru)",
     [](config& c, std::string_view, const std::string& v) { c.notify_language = v; }},
    {"notify.digest-hour", "HOUR", "when digests go out, UTC (6)",
     [](config& c, std::string_view k, const std::string& v) {
       c.digest_hour = number<int>(k, v, 0, 23);
     }},
    {"notify.answer-days", "DAYS", "days that an answer link holds (30)",
     [](config& c, std::string_view k, const std::string& v) {
       c.answer_days = std::chrono::days{number<int>(k, v, 1, 365)};
     }},
    {"first-password", "keep|change",
     "whether the first login's password opens nothing but its change (keep)",
     [](config& c, std::string_view k, const std::string& v) {
       c.first_password_changes = one_of(k, v, "keep", "change");
     }},
    {"https-client-ca", "FILE",
     "authority whose client certificates may stand for accounts; without it none is asked for",
     [](config& c, std::string_view, const std::string& v) { c.client_authority = v; }},
    {"https-client-certificate", "optional|required",
     "whether a connection without a client certificate is refused (optional)",
     [](config& c, std::string_view k, const std::string& v) {
       c.client_certificate_required = one_of(k, v, "optional", "required");
     }},
    {"two-persons", "ACTS",
     "calls that a second person approves: \"PATCH /api/v1/users/{id}, …\"; without it none",
     [](config& c, std::string_view, const std::string& v) { c.two_persons = v; }},
    {"retention.alerts", "DAYS", "days that alerts are kept (90)",
     [](config& c, std::string_view k, const std::string& v) {
       c.keep.of(retention::data_class::alerts) = days(k, v);
     }},
    {"retention.evidence", "DAYS", "days that packets and payloads are kept (14)",
     [](config& c, std::string_view k, const std::string& v) {
       c.keep.of(retention::data_class::evidence) = days(k, v);
     }},
    {"retention.refused", "DAYS", "days that records which could not be taken are kept (30)",
     [](config& c, std::string_view k, const std::string& v) {
       c.keep.of(retention::data_class::refused) = days(k, v);
     }},
    {"retention.kept-evidence", "DAYS",
     "days that evidence copied for groups and incidents is kept; its hashes stay (400)",
     [](config& c, std::string_view k, const std::string& v) {
       c.keep.of(retention::data_class::kept_evidence) = days(k, v);
     }},
    {"retention.groups", "DAYS", "days that ended groups no incident knows are kept (400)",
     [](config& c, std::string_view k, const std::string& v) {
       c.keep.of(retention::data_class::groups) = days(k, v);
     }},
    {"retention.journal-bodies", "DAYS",
     "days that names and words in the journal are kept, 0 for ever; its hashes stay (0)",
     [](config& c, std::string_view k, const std::string& v) {
       c.keep.of(retention::data_class::journal_bodies) =
           std::chrono::days{number<int>(k, v, 0, 36'500)};
     }},
});

const setting* find(std::string_view key) {
  const auto found = std::ranges::find(settings, key, &setting::key);
  return found == settings.end() ? nullptr : &*found;
}

void set(config& c, const std::string& key, const std::string& value) {
  const auto* found = find(key);
  if (found == nullptr)
    fail(fmt::format("unknown key '{}': --help lists them", key));
  if (value.empty())
    fail(fmt::format("{} needs a value: {}", key, found->value));
  found->set(c, key, value);
}

void read_node(config& c, const std::string& prefix, const YAML::Node& node) {
  for (const auto& member : node) {
    const auto key = prefix + member.first.as<std::string>();
    if (member.second.IsMap())
      read_node(c, key + '.', member.second);
    else if (member.second.IsScalar())
      set(c, key, member.second.as<std::string>());
    else
      fail(fmt::format("{} is no single value", key));
  }
}

void read_file(config& c, const std::string& path) {
  try {
    const auto root = YAML::LoadFile(path);
    if (!root.IsMap() && !root.IsNull())
      fail("holds no keys");
    read_node(c, "", root);
  } catch (const config_error& e) {
    fail(fmt::format("{}: {}", path, e.what()));
  } catch (const YAML::BadFile&) {
    fail(fmt::format("cannot read {}: give --config a file that exists", path));
  } catch (const YAML::Exception& e) {
    fail(fmt::format("{}:{}: {}", path, e.mark.line + 1, e.msg));
  }
}

struct option {
  std::string name; // without "--"
  std::string value;
};

std::vector<option> options_of(const std::vector<std::string>& arguments, command_line& line) {
  std::vector<option> options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto& word = arguments[i];
    if (word == "--help" || word == "-h") {
      line.help = true;
    } else if (word.starts_with("--")) {
      const auto equals = word.find('=');
      if (equals != std::string::npos)
        options.push_back({word.substr(2, equals - 2), word.substr(equals + 1)});
      else if (i + 1 < arguments.size())
        options.push_back({word.substr(2), arguments[++i]});
      else
        fail(fmt::format("{} needs a value: --help lists the options", word));
    } else if (options.empty()) {
      line.command.push_back(word);
    } else {
      fail(fmt::format("'{}' is no option: --help lists them", word));
    }
  }
  return options;
}

} // namespace

std::string command_line::option(std::string_view name) const {
  const auto found = std::ranges::find(own, name, &std::pair<std::string, std::string>::first);
  return found == own.end() ? std::string{} : found->second;
}

command_line read_command_line(const std::vector<std::string>& arguments) {
  command_line line;
  const auto options = options_of(arguments, line);
  for (const auto& [name, value] : options)
    if (name == "config")
      read_file(line.settings, value);
  for (const auto& [name, value] : options) {
    if (name == "config")
      continue;
    if (name == "set") {
      const auto equals = value.find('=');
      if (equals == std::string::npos)
        fail(fmt::format("--set '{}': write key=value", value));
      set(line.settings, value.substr(0, equals), value.substr(equals + 1));
    } else if (!line.command.empty() && line.command.front() != "run" && find(name) == nullptr) {
      line.own.emplace_back(name, value);
    } else {
      set(line.settings, name, value);
    }
  }
  if (line.settings.partners.empty())
    line.settings.partners = line.settings.state / "partners";
  return line;
}

std::string usage() {
  std::string text =
      "cresset-coord: the coordination server\n\n"
      "  cresset-coord [run] [options]                           runs the server\n"
      "  cresset-coord sensor add --name NAME --key FILE [options]  registers a sensor by its "
      "public key\n"
      "  cresset-coord sensor list [options]                     lists sensors\n"
      "  cresset-coord journal erase --sequence N --reason TEXT  erases names and words, not the "
      "entry\n"
      "  cresset-coord evidence erase --alert N --reason TEXT    erases packet and payload of an "
      "alert\n"
      "  cresset-coord hold list                                 legal holds that stand\n"
      "  cresset-coord journal verify [--checkpoint FILE]        checks the journal's chain\n"
      "  cresset-coord journal export                            its entries as lines of JSON\n"
      "  cresset-coord journal publish                           its end as a line of "
      "STATE/published\n"
      "  cresset-coord doctor                                    what is wrong here, as lines of "
      "JSON\n"
      "  cresset-coord backup --to FILE                          everything into one file, beside "
      "a "
      "server that runs\n"
      "  cresset-coord restore --from FILE [--hash HEX]          a backup onto an empty machine; "
      "signs nothing yet\n"
      "  cresset-coord store verify                              holds journal and tables against "
      "their rules\n"
      "  cresset-coord segment import --source NAME --format FORMAT --file FILE [--own-country "
      "CC]\n"
      "                                                          what is ours, from a file "
      "(delegated, prefix_list, csv)\n"
      "  cresset-coord segment diff …                            what that import would change\n"
      "  cresset-coord segment undo --change N                   takes an import or edit back\n"
      "  cresset-coord segment export [--source NAME]            live records as CSV\n"
      "  cresset-coord segment list                              the newest changes\n"
      "  cresset-coord streams list                              length and digest of each stream\n"
      "  cresset-coord streams hold                              after a restore: sign nothing "
      "yet\n\n"
      "options, also as --set KEY=VALUE and as keys of the file that --config FILE names:\n";
  for (const auto& s : settings)
    text += fmt::format("  --{:<36} {}\n", fmt::format("{} {}", s.key, s.value), s.meaning);
  return text;
}

} // namespace cresset::coord::server

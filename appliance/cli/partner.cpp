#include "appliance/cli/partner.hpp"

#include "coord/federation/identity_folder.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>

namespace cresset::appliance::cli {
namespace {

namespace fs = std::filesystem;
namespace federation = coord::federation;

template <typename T>
unexpected<std::string> failed(const federation::ceremony_result<T>& outcome) {
  return unexpected{outcome.error().sentence};
}

std::string told(const fs::path& folder, const coord::signed_::signed_key_record& record) {
  return fmt::format("{}{}: our introduction; `cresset partner export` copies it for a partner\n"
                     "{}: the identity key; keep a copy offline, the server runs without it\n",
                     federation::comparison_text(record), (folder / "record").string(),
                     (folder / "identity.key").string());
}

int finish(const partner_outcome& outcome) {
  std::fputs(outcome ? outcome->c_str() : fmt::format("cresset: {}\n", outcome.error()).c_str(),
             outcome ? stdout : stderr);
  return outcome ? 0 : 1;
}

std::string ask_operator(const std::string& shown) {
  std::cout << shown
            << "Let the partner read its fingerprint to you, over a channel that this file did not "
               "take.\n"
               "Type the fingerprint you heard to pin this partner: "
            << std::flush;
  std::string heard;
  std::getline(std::cin, heard);
  return heard;
}

/// What the subcommands read from the command line.
struct options {
  fs::path identity;
  fs::path partners;
  fs::path file;
  std::string name;
  std::string fingerprint;
  std::vector<std::string> endpoints;
};

void add_identity_commands(CLI::App& partner, const std::shared_ptr<options>& given,
                           int& exit_code) {
  auto* make =
      partner.add_subcommand("new", "make the keys of our own identity and its first key record");
  make->add_option("--identity", given->identity, "folder for them")->required();
  make->add_option("--name", given->name, "short name of our CIRT: a-z, 0-9, -")->required();
  make->add_option("--endpoint", given->endpoints,
                   "tcp://host:port where partners may dial; repeatable");
  make->callback([given, &exit_code] {
    exit_code = finish(new_identity(given->identity, given->name, given->endpoints));
  });

  auto* renew = partner.add_subcommand(
      "renew", "make the next key record, after a key was replaced or for other endpoints");
  renew->add_option("--identity", given->identity, "folder of our identity")->required();
  renew->add_option("--endpoint", given->endpoints,
                    "tcp://host:port where partners may dial; repeatable");
  renew->callback([given, &exit_code] {
    exit_code = finish(renew_identity(given->identity, given->endpoints));
  });

  auto* write = partner.add_subcommand(
      "export", "write our introduction for a partner; it holds nothing secret");
  write->add_option("--identity", given->identity, "folder of our identity")->required();
  write->add_option("--out", given->file, "file to write")->required();
  write->callback([given, &exit_code] {
    exit_code = finish(export_introduction(given->identity, given->file));
  });
}

void add_pin_commands(CLI::App& partner, const std::shared_ptr<options>& given, int& exit_code) {
  auto* read = partner.add_subcommand("import", "pin a partner after its fingerprint was compared");
  read->add_option("FILE", given->file, "the partner's introduction")->required();
  read->add_option("--partners", given->partners, "folder of pinned partners")->required();
  read->add_option("--fingerprint", given->fingerprint,
                   "the fingerprint as the partner read it; asked for when missing");
  read->callback([given, &exit_code] {
    exit_code =
        finish(import_introduction(given->file, given->partners, [&](const std::string& shown) {
          return given->fingerprint.empty() ? ask_operator(shown) : given->fingerprint;
        }));
  });

  auto* list = partner.add_subcommand("list", "print the pinned partners");
  list->add_option("--partners", given->partners, "folder of pinned partners")->required();
  list->callback([given, &exit_code] { exit_code = finish(list_partners(given->partners)); });
}

} // namespace

partner_outcome new_identity(const fs::path& folder, const std::string& name,
                             std::vector<std::string> endpoints) {
  const auto made = federation::make_identity(folder, name, std::move(endpoints));
  return made ? partner_outcome{told(folder, *made)} : failed(made);
}

partner_outcome renew_identity(const fs::path& folder, std::vector<std::string> endpoints) {
  const auto made = federation::renew_identity(folder, std::move(endpoints));
  return made ? partner_outcome{told(folder, *made)} : failed(made);
}

partner_outcome export_introduction(const fs::path& folder, const fs::path& to) {
  const auto record = federation::load_own_record(folder);
  if (!record)
    return failed(record);
  const auto written = federation::write_introduction(to, *record);
  if (!written)
    return failed(written);
  return fmt::format("{}: our introduction\n{}", to.string(), federation::comparison_text(*record));
}

partner_outcome import_introduction(const fs::path& file, const fs::path& partners,
                                    const std::function<std::string(const std::string&)>& ask) {
  const auto record = federation::read_introduction(file);
  if (!record)
    return failed(record);
  const auto pins = federation::load_pins(partners);
  if (!pins)
    return failed(pins);
  const auto shown = federation::comparison_text(*record);
  const bool is_pinned =
      std::any_of(pins->begin(), pins->end(), [&](const federation::peer& known) {
        return known.id() == record->record.owner;
      });
  const auto pinned = federation::pin(partners, *record, is_pinned ? std::string{} : ask(shown));
  if (!pinned)
    return failed(pinned);
  return fmt::format("{}{} is pinned in {}; a running server reads it at its next start\n",
                     is_pinned ? shown : "", record->record.name, partners.string());
}

partner_outcome list_partners(const fs::path& partners) {
  const auto pins = federation::load_pins(partners);
  if (!pins)
    return failed(pins);
  std::string text;
  for (const auto& known : *pins)
    text += federation::comparison_text(known.record) + "\n";
  return text.empty() ? "no partner is pinned\n" : text;
}

void add_partner(CLI::App& app, int& exit_code) {
  auto* partner = app.add_subcommand("partner", "introduce ourselves to partners and pin them");
  partner->require_subcommand(1);
  const auto given = std::make_shared<options>();
  add_identity_commands(*partner, given, exit_code);
  add_pin_commands(*partner, given, exit_code);
}

} // namespace cresset::appliance::cli

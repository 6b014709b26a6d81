// The operator's command: `cresset SUBJECT VERB …`. Each subject has a file of its own, which adds
// itself to the parser here.
#include "appliance/cli/audit.hpp"
#include "appliance/cli/doctor.hpp"
#include "appliance/cli/keys.hpp"
#include "appliance/cli/partner.hpp"
#include "appliance/cli/rules.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  try {
    CLI::App app{"Cresset: the operator's command", "cresset"};
    app.require_subcommand(1);
    int exit_code = 0;
    cresset::appliance::cli::add_audit(app, exit_code);
    cresset::appliance::cli::add_doctor(app, exit_code);
    cresset::appliance::cli::add_keys(app, exit_code);
    cresset::appliance::cli::add_partner(app, exit_code);
    cresset::appliance::cli::add_rules(app, exit_code);
    CLI11_PARSE(app, argc, argv);
    return exit_code;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cresset: %s\n", error.what());
    return 1;
  }
}

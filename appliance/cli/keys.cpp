#include "appliance/cli/keys.hpp"

#include "capture/base/z85.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sodium.h>

#include <cstdio>
#include <map>
#include <memory>

namespace cresset::appliance::cli {
namespace {

static_assert(crypto_box_PUBLICKEYBYTES == 32 && crypto_box_SECRETKEYBYTES == 32 &&
              crypto_sign_SEEDBYTES == 32);

unsigned char* raw(std::vector<std::byte>& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

/// A new pair. The secret half of an Ed25519 pair is its seed.
key_file generate(const new_keys_request& request) {
  key_file key{request.kind, request.name, std::vector<std::byte>(32), std::vector<std::byte>(32)};
  if (request.kind == key_kind::curve) {
    crypto_box_keypair(raw(key.public_key), raw(key.secret_key));
    return key;
  }
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> expanded{};
  randombytes_buf(key.secret_key.data(), key.secret_key.size());
  crypto_sign_seed_keypair(raw(key.public_key), expanded.data(), raw(key.secret_key));
  sodium_memzero(expanded.data(), expanded.size());
  return key;
}

std::string describe(const key_file& key) {
  auto text = print_key_file(key, false);
  if (key.kind == key_kind::curve)
    text += fmt::format("z85: {}\n", to_z85(key.public_key));
  return text;
}

/// Prints one half of the answer and says how the program ends.
int finish(const expected<std::string, std::string>& answer) {
  std::fputs(answer ? answer->c_str() : fmt::format("cresset: {}\n", answer.error()).c_str(),
             answer ? stdout : stderr);
  return answer ? 0 : 1;
}

} // namespace

expected<std::string, std::string> new_keys(const new_keys_request& request) {
  if (sodium_init() < 0)
    return unexpected{std::string{"this system has no source of randomness"}};
  if (!is_key_name(request.name))
    return unexpected{fmt::format("'{}' is no name for a key: 1 to 64 letters, digits, '.', '_' or "
                                  "'-', beginning with a letter or digit",
                                  request.name)};
  std::error_code error;
  std::filesystem::create_directories(request.folder, error);
  if (error)
    return unexpected{
        fmt::format("{}: cannot be made: {}", request.folder.string(), error.message())};
  const auto secret_file = request.folder / (request.name + ".key");
  const auto public_file = request.folder / (request.name + ".pub");
  auto key = generate(request);
  const auto saved = save_key_file(secret_file, key, true);
  sodium_memzero(key.secret_key.data(), key.secret_key.size());
  if (!saved)
    return unexpected{saved.error().text};
  if (const auto shown = save_key_file(public_file, key, false); !shown) {
    std::filesystem::remove(secret_file, error);
    return unexpected{shown.error().text};
  }
  return fmt::format("{}: the secret key; it stays on this machine\n{}: the public key; give it to "
                     "the other side\n{}",
                     secret_file.string(), public_file.string(), describe(key));
}

expected<std::string, std::string> show_key(const std::filesystem::path& file) {
  auto key = load_key_file(file);
  if (!key)
    return unexpected{key.error().text};
  auto text = fmt::format("name: {}\n{}secret: {}\n", key->name, describe(*key),
                          key->has_secret() ? "in this file, not shown" : "not in this file");
  sodium_memzero(key->secret_key.data(), key->secret_key.size());
  return text;
}

void add_keys(CLI::App& app, int& exit_code) {
  auto* keys = app.add_subcommand("keys", "make and look at keys");
  keys->require_subcommand(1);
  const std::map<std::string, key_kind> kinds{
      {"curve", key_kind::curve}, {"sign", key_kind::sign}, {"identity", key_kind::identity}};

  auto* make = keys->add_subcommand("new", "make a pair of keys: DIR/NAME.key and DIR/NAME.pub");
  // CLI11 fills plain strings; they live as long as the parser
  struct texts {
    std::string folder, name, kind = "curve";
  };
  auto given = std::make_shared<texts>();
  make->add_option("--out", given->folder, "folder for the two files")->required();
  make->add_option("--name", given->name, "name of the sensor, server or partner")->required();
  make->add_option(
          "--kind", given->kind,
          "curve: connections (default); sign: signatures; identity: a partner's offline key")
      ->check(CLI::IsMember{{"curve", "sign", "identity"}});
  make->callback([given, kinds, &exit_code] {
    exit_code = finish(new_keys({given->folder, given->name, kinds.at(given->kind)}));
  });

  auto* show = keys->add_subcommand("show", "print what a key file holds, but never its secret");
  auto file = std::make_shared<std::string>();
  show->add_option("FILE", *file, "NAME.key or NAME.pub")->required();
  show->callback([file, &exit_code] { exit_code = finish(show_key(*file)); });
}

} // namespace cresset::appliance::cli

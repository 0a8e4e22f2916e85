// Peer golang-jwt. Copied into the build folder and built there.
module ostiary.example/bench/golang-jwt

go 1.21

require github.com/golang-jwt/jwt/v5 v5.3.1

"""`python -m airlock`."""

from airlock import main

if __name__ == "__main__":
    main()

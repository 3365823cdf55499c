"""A store on S3: its files, its folders, who works in them."""
